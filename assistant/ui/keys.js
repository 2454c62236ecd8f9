// Keys, links and focus for all pages. Streamlit calls this on every change of the data; what came before is let go of.
const RESTING = 100 // milliseconds without a key: most people take twice that for each
const NUMBERED = /\\(begin|end)\{(align|alignat|equation|gather)\}/g // a note's formulas have no numbers
const HEEDED = 10000 // milliseconds after which a button that was pressed has been heeded
const LONGEST = 2000 // characters of a question that is asked ahead: an address has no room for any length

export default function ({ data, setTriggerValue }) {
  window.__topics?.abort()
  const stop = (window.__topics = new AbortController())
  const on = (name, handler) => document.addEventListener(name, handler, { signal: stop.signal, capture: true })

  const box = () => document.querySelector(".st-key-question input")
  const steps = () => [...document.querySelectorAll("a.ta-step")]
  const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable], [role=combobox], [role=listbox]")
  const hasFinePointer = matchMedia("(pointer: fine)").matches
  const question = new URLSearchParams(data.place).get("q") ?? ""

  function asking(question) {
    const place = new URLSearchParams(data.place)
    place.set("q", question)
    if (data.before) place.set("after", data.before) // the server heeds it where the question leans on it
    place.delete("topic")
    return `?${place}`
  }

  function again() {
    const place = new URLSearchParams(data.place)
    place.delete("topic")
    return `?${place}`
  }

  suggest({ box, question, on, put: () => put(question), follow, say }) // first: the keys of an open list are no keys of the page

  // history.state belongs to Streamlit; what was opened from where is only needed while the page lives
  const trail = (window.__topicsTrail ??= { here: null, opened: [], pressed: [] })

  function follow(link) {
    if (new URLSearchParams(link).get("topic")) trail.opened.push(link)
    setTriggerValue("follow", { link, at: Date.now() })
  }

  function close() {
    // as Back, when the topic was opened from here; otherwise (a link from elsewhere) to the place without it
    if (trail.opened.pop()) history.back()
    else setTriggerValue("close", Date.now())
  }

  function act({ act, topic }) {
    trail.acted = topic
    // an event that is not sent yet gives way to the next one: so each tells of the buttons pressed before, too
    const at = Math.max(Date.now(), (trail.pressed.at(-1)?.at ?? 0) + 1)
    trail.pressed = [...trail.pressed.filter((pressed) => at - pressed.at < HEEDED), { act, topic, at }]
    setTriggerValue("act", trail.pressed)
  }

  function focusBox() {
    const input = box()
    if (!input) return setTriggerValue("ask", Date.now())
    input.focus()
    input.select()
  }

  function step(event, by) {
    const all = steps()
    const at = all.indexOf(document.activeElement)
    if (at < 0 && document.activeElement !== box()) return
    if (at < 0 && by < 0) return
    event.preventDefault()
    if (at === 0 && by < 0) return focusBox()
    all[Math.min(at + by, all.length - 1)]?.focus()
  }

  function say(text) {
    let region = document.querySelector("#ta-status")
    if (!region) {
      region = document.createElement("div")
      region.id = "ta-status"
      region.className = "ta-unseen"
      region.setAttribute("role", "status")
      document.querySelector("main, .stMain")?.append(region)
    }
    if (region.textContent !== text) setTimeout(() => (region.textContent = text), 50)
  }

  // on a phone Streamlit folds the way between the pages away: there it stands at the foot, one tap each
  function showPages() {
    const pages = data.pages ?? []
    let bar = document.querySelector("#ta-pages")
    if (!bar && pages.length) {
      bar = document.createElement("nav")
      bar.id = "ta-pages"
      bar.setAttribute("aria-label", "Pages")
      document.querySelector(".stApp")?.append(bar)
    }
    if (bar?.childElementCount !== pages.length) {
      bar?.replaceChildren(
        ...pages.map(([name, title]) => {
          const button = document.createElement("button")
          button.type = "button"
          button.dataset.page = name
          button.textContent = title
          return button
        }),
      )
    }
    for (const button of bar?.children ?? []) button.toggleAttribute("aria-current", button.dataset.page === data.page)
    for (const button of bar?.querySelectorAll("[aria-current]") ?? []) button.setAttribute("aria-current", "page")
    const paper = getComputedStyle(document.querySelector(".stApp") ?? document.body).backgroundColor
    document.documentElement.style.setProperty("--ta-paper", paper)
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy)
    } catch {
      // only pages on this machine or under https may use the clipboard: the older way works in the others
      const area = document.body.appendChild(document.createElement("textarea"))
      area.value = button.dataset.copy
      area.select()
      document.execCommand("copy")
      area.remove()
      button.focus()
    }
    const label = button.textContent
    button.textContent = "Copied"
    say("Copied")
    setTimeout(() => (button.textContent = label), 1500)
  }

  // Streamlit keeps a theme for each page by itself: it is chosen for all of them at once
  function choose(theme) {
    const top = location.pathname.replace(/[^/]*$/, "")
    for (const page of ["", ...(data.pages ?? []).map(([name]) => name)]) localStorage.setItem(`stActiveTheme-${top}${page}-v2`, JSON.stringify(theme))
    location.reload()
  }

  function showTheme() {
    const top = location.pathname.replace(/[^/]*$/, "")
    const chosen = JSON.parse(localStorage.getItem(`stActiveTheme-${top}${data.page}-v2`) ?? '"System"')
    for (const button of document.querySelectorAll("button[data-theme]")) button.ariaPressed = String(button.dataset.theme === (chosen.name ?? chosen))
  }

  function showKeys() {
    const dialog = document.createElement("dialog")
    dialog.id = "ta-keys"
    dialog.setAttribute("aria-label", "Keys")
    const list = document.createElement("dl")
    for (const [key, what] of data.keyboard) {
      list.append(Object.assign(document.createElement("dt"), { textContent: key }))
      list.append(Object.assign(document.createElement("dd"), { textContent: what }))
    }
    const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Close" })
    close.addEventListener("click", () => dialog.close())
    dialog.addEventListener("close", () => dialog.remove())
    dialog.append(list, close)
    document.querySelector(".stApp")?.append(dialog)
    dialog.showModal()
  }

  on("keydown", (event) => {
    const { key, target } = event
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey
    if ((event.ctrlKey || event.metaKey) && !event.altKey && key.toLowerCase() === "k") {
      event.preventDefault()
      event.stopPropagation()
      focusBox()
    } else if (isPlain && key === "?" && !isTyping(target) && !document.querySelector("#ta-keys")) {
      event.preventDefault()
      showKeys()
    } else if (isPlain && key === "/" && !isTyping(target)) {
      event.preventDefault()
      focusBox()
    } else if (isPlain && (key === "ArrowDown" || key === "ArrowUp")) {
      step(event, key === "ArrowDown" ? 1 : -1)
    } else if (key === "Enter" && target === box()) {
      clearTimeout(resting) // it is asked now
      if (question && target.value.trim() === question) follow(again()) // again: Streamlit sees nothing new
    } else if (isPlain && key === "Escape" && !document.querySelector("dialog[open], [role=dialog], [role=listbox]")) {
      if (data.topic) close()
      else if (steps().includes(document.activeElement)) focusBox()
    }
  })

  // a finger takes a while to go from the last key to Enter: long enough for the answer to be ready
  function thinkAhead(typed) {
    if (typed.length <= LONGEST) fetch(`ahead${asking(typed)}`, { cache: "no-store", headers: { "X-Topics": "ahead" } }).catch(() => {})
  }

  let resting
  on("input", ({ target }) => {
    clearTimeout(resting)
    if (target === box()) resting = setTimeout(thinkAhead, RESTING, target.value)
  })

  // Streamlit would ask what is half typed as soon as the box is left: only Enter asks
  on("focusout", (event) => {
    if (event.isTrusted && event.target === box() && event.target.value.trim() !== question) event.stopImmediatePropagation()
  })

  on("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    const button = event.target.closest?.("button.ta-copy, button[data-act], button[data-page], button[data-theme]")
    if (button?.dataset.theme) return choose(button.dataset.theme)
    if (button?.dataset.page) return button.dataset.page !== data.page && setTriggerValue("page", { page: button.dataset.page, at: Date.now() })
    if (button?.dataset.copy) return copy(button)
    if (button) {
      // another program's own address: only those of the programs that a note can be opened in
      if (/^(obsidian|vscode):\/\//.test(button.dataset.open ?? "")) location.assign(button.dataset.open)
      return act(button.dataset)
    }
    const link = event.target.closest?.("a[href^='?'], a[href^='#ta-']")?.getAttribute("href")
    if (!link) return
    event.preventDefault()
    if (link[0] === "#") {
      const target = document.querySelector(link)
      target?.scrollIntoView({ block: "start" })
      ;(target?.querySelector("a.ta-step") ?? target)?.focus({ preventScroll: true })
    }
    else follow(link)
  })

  // what is half typed gives way once another question is gone to: back to what was asked, which Streamlit then replaces
  function giveWay(asked) {
    const input = box()
    if (!input || asked === question || input === document.activeElement || input.value.trim() === question) return
    put(asked)
  }

  function put(text) {
    const input = box()
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, text)
    input.dispatchEvent(new Event("input", { bubbles: true }))
    input.dispatchEvent(new FocusEvent("focusout", { bubbles: true }))
  }

  // where the reader is: told once for each place, after its HTML has arrived
  function arrive(tries) {
    const shown = document.querySelector(".ta-topic")
    if (data.topic && shown?.dataset.topic !== data.topic) {
      return tries && setTimeout(arrive, 30, tries - 1)
    }
    const scroller = document.querySelector(".stMain")
    if (data.topic) {
      scroller?.scrollTo(0, 0)
      const place = shown.querySelector("mark") ?? shown.querySelector(".ta-here")
      place?.scrollIntoView({ block: "center" })
      ;(shown.querySelector(".ta-here") ?? shown.querySelector("h2"))?.focus({ preventScroll: true })
    } else if (before?.topic && before.page === data.page) {
      const link = steps().find((one) => one.dataset.topic === before.topic)
      if (!link && tries && data.page === "ask") return setTimeout(arrive, 30, tries - 1)
      link?.focus()
    } else if (data.page === "ask" && hasFinePointer && (!before || before.page !== "ask")) {
      box()?.focus()
    }
  }

  // mathematics stands as it is written until KaTeX, which Streamlit brings, has come, and for good where it cannot be read
  async function drawFormulas() {
    const waiting = "code.math:not([data-unread])"
    if (!data.katex || !document.querySelector(waiting)) return
    const { default: katex } = await (window.__topicsKatex ??= import(new URL(data.katex, location.href)))
    for (const code of document.querySelectorAll(waiting)) {
      const written = code.textContent
      const isAlone = /^(\$\$|\\\[)/.test(written) && !code.closest("a, h1, h2, h3, h4, h5, h6, td, th, .ta-snippet")
      const unnumbered = isAlone ? "\\$1{$2*}" : "\\$1{$2ed}" // aligned within a line, as KaTeX has it
      const formula = written.replace(/^(\$\$?|\\[[(])|(\$\$?|\\[\])])$/g, "").replace(NUMBERED, unnumbered)
      const drawn = document.createElement("span")
      try {
        katex.render(formula, drawn, { displayMode: isAlone, strict: false })
        // Streamlit's style is of an older KaTeX than its script, which calls some parts `katex-base` that were `base`
        for (const part of drawn.querySelectorAll("[class*=katex-]")) {
          for (const name of [...part.classList]) if (name.startsWith("katex-")) part.classList.add(name.slice(6))
        }
        ;(code.closest("pre") ?? code).replaceWith(drawn)
      } catch {
        code.dataset.unread = ""
      }
    }
  }

  // what Streamlit puts on the page again has lost what was added to it here; this is called before it is painted
  function complete() {
    drawFormulas().catch(() => {})
    if (data.page === "settings") showTheme()
  }

  const observer = new MutationObserver(complete)
  observer.observe(document.body, { childList: true, subtree: true })
  stop.signal.addEventListener("abort", () => observer.disconnect())
  complete()

  const before = trail.here
  const acted = trail.acted
  trail.acted = undefined
  if (!data.topic) trail.opened = []
  if (before?.place !== data.place || before?.page !== data.page) {
    trail.here = data
    trail.pressed = [] // what was pressed is of the question before
    if (before) giveWay(new URLSearchParams(before.place).get("q") ?? "")
    arrive(40)
  } else if (acted !== undefined) {
    // what was pressed has given way to the button that takes it back
    requestAnimationFrame(() => document.querySelector(`[data-act][data-topic="${CSS.escape(acted)}"]`)?.focus())
  }
  showPages()
  if (data.problem) document.querySelector(".stMain")?.scrollTo(0, 0) // it is told at the head of the page
  say(data.say) // nothing, too: what was said before is no longer so
  document.documentElement.dataset.keys = data.page // from now on, keys are listened to
  setTimeout(() => document.querySelector("#ta-fonts")?.remove()) // what is to be read has come: now the fonts may
  return () => stop.abort()
}
