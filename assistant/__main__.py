"""`python -m assistant`: the same as `topics`"""

from assistant.cli import main

main()
