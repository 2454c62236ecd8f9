// What may be meant, under the question box, while somebody types: a list that arrows go through and Enter opens.
const LONGEST_TYPED = 200 // characters that the server looks at

function suggest({ box, question, on, put, follow, say }) {
  let typed = ""
  let list, waiting
  let active = -1
  document.querySelector("#ta-suggestions")?.remove()

  function close() {
    waiting?.abort()
    list?.remove()
    list = undefined
    active = -1
    box()?.removeAttribute("aria-activedescendant")
  }

  function option({ text, beside, link }, number) {
    const item = document.createElement("li")
    Object.assign(item, { id: `ta-suggestion-${number}`, role: "option", ariaSelected: "false" })
    item.dataset.link = link
    const place = document.createElement("span")
    place.className = "ta-apart"
    place.textContent = beside
    item.append(text, " ", place)
    return item
  }

  function lay() {
    const { left, bottom, width } = box().closest(".stTextInput").getBoundingClientRect()
    const { backgroundColor, color } = getComputedStyle(document.querySelector(".stApp"))
    Object.assign(list.style, { left: `${left}px`, top: `${bottom}px`, width: `${width}px`, backgroundColor, color })
  }

  function show(found) {
    if (!found.length) return close()
    if (!list) {
      list = document.createElement("ul")
      Object.assign(list, { id: "ta-suggestions", className: "ta-suggestions", role: "listbox", ariaLabel: "Titles and past questions" })
      document.querySelector("main, .stMain").append(list)
      box().setAttribute("aria-autocomplete", "list")
      box().setAttribute("aria-controls", list.id)
    }
    list.replaceChildren(...found.map(option))
    choose(-1)
    lay()
    say(`${found.length} suggested`)
  }

  function choose(number) {
    active = number
    const items = [...list.children]
    items.forEach((item, at) => (item.ariaSelected = String(at === number)))
    if (number < 0) box().removeAttribute("aria-activedescendant")
    else box().setAttribute("aria-activedescendant", items[number].id)
    items[number]?.scrollIntoView({ block: "nearest" })
  }

  function open(item) {
    const { link } = item.dataset
    close()
    put()
    follow(link)
  }

  async function look() {
    typed = box().value
    if (!typed.trim()) return close()
    waiting?.abort()
    waiting = new AbortController()
    const address = `suggestions?${new URLSearchParams({ typed: typed.slice(0, LONGEST_TYPED) })}`
    try {
      const answer = await fetch(address, { signal: waiting.signal, cache: "no-store", headers: { "X-Topics": "suggestions" } })
      const found = answer.ok ? await answer.json() : []
      if (box() === document.activeElement && box().value === typed) show(found)
    } catch {
      // another key came first, or the server is away: the page says so itself
    }
  }

  on("input", ({ target, isTrusted }) => {
    if (target === box() && isTrusted) look()
  })

  on("keydown", (event) => {
    if (event.target !== box() || event.ctrlKey || event.metaKey || event.altKey) return
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === "Enter" && active < 0) close() // it is asked
    if (!list || !(event.key === "Escape" || (event.key === "Enter" && active >= 0) || (by && active + by >= -1))) return
    event.preventDefault()
    event.stopImmediatePropagation()
    if (by) choose(Math.min(active + by, list.children.length - 1))
    else if (event.key === "Enter") open(list.children[active])
    else close()
  })

  on("focusout", ({ target }) => target === box() && close())
  on("mousedown", (event) => event.target.closest?.("#ta-suggestions") && event.preventDefault()) // the box keeps the focus
  on("click", ({ target }) => {
    const item = target.closest?.("#ta-suggestions li")
    if (item) open(item)
  })
  on("scroll", () => list && lay())

  // what was typed before anything listened, or while the page changed
  if (box() && box() === document.activeElement && box().value.trim() !== question) look()
}

