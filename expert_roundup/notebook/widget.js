// The coding widget's picture on the screen. It knows no rule of coding: every click becomes a message, the answer is
// the state to show. Text of quotes is only ever put in as text. Places in a text count UTF-16 units here; Python
// turns them into code points.

const ANSWER_MS = 4000; // silence after which the kernel is called busy or gone
const MEMO_MS = 500; // pause in typing after which a memo is saved

const SHORTCUTS = [
  ["1 … 9", "give or take back one of the first nine themes; with words selected, they become its evidence"],
  ["0", "no theme applies"],
  ["Arrow up, down", "go through the themes; Space gives or takes back"],
  ["e / x", "take the selected words as evidence for the theme at hand / remove its evidence"],
  ["+ / -", "more / less sure of the theme at hand"],
  ["m", "memo of the theme at hand"],
  ["d", "definition of the theme at hand"],
  ["n / p / u", "next / previous / next unread quote"],
  ["q", "into the quote: arrow keys move, Shift with arrow keys selects words"],
  ["Escape", "drop the selection; out of a memo, back to the quote"],
  ["z", "undo"],
  ["?", "show or hide this list"],
];

function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function render({ model, el }) {
  const { quotes, themes, coder, threshold } = model.get("material");
  const labels = Object.fromEntries(themes.map((theme) => [theme.theme, theme.label]));
  let state = model.get("state");
  let selection = null; // [first, last] of the words selected in the open quote
  let active = null; // the theme at hand
  let asked = state.step; // number of the last message
  let patience = null;
  let isTurning = false; // another quote was asked for and is not there yet
  let waiting = []; // keys pressed meanwhile
  const memos = new Map(); // theme -> timer of a memo that is being typed

  // ---- asking -----------------------------------------------------------------------------------------------------

  function ask(what, content = {}) {
    asked = Math.max(asked, state.step) + 1;
    clearTimeout(patience);
    patience = setTimeout(() => showSilence(true), ANSWER_MS);
    try {
      model.send({ do: what, quote_id: quotes[state.at].quote_id, step: asked, ...content });
    } catch {
      showSilence(true);
    }
  }

  function flushMemos() {
    for (const [theme, { timer, send }] of [...memos]) {
      clearTimeout(timer);
      memos.delete(theme);
      send();
    }
  }

  function askTurn(what, content = {}) {
    flushMemos();
    isTurning = true;
    ask(what, content);
  }

  const markOf = (theme) => state.marks.find((mark) => mark.theme === theme);

  // What a step will do is shown before the kernel answers, so that the next key finds it; the answer has the last word.
  function expect(marks, no_theme = null) {
    state = { ...state, marks, no_theme };
    paint();
  }

  function toggle(theme) {
    onSelection(); // its event may still be on its way
    active = theme;
    const others = state.marks.filter((mark) => mark.theme !== theme);
    if (markOf(theme)) {
      ask("take_back", { theme, said: `Taken back: ${labels[theme]}.` });
      return expect(others, state.no_theme);
    }
    const words = selection ? { first: selection[0], last: selection[1] } : {};
    ask("give", { theme, ...words, said: `Given: ${labels[theme]}${selection ? ", with the selected words" : ""}.` });
    const mark = { theme, confidence: 1, is_given: true, evidence: null, words: "", memo: "" };
    const order = (each) => themes.findIndex((known) => known.theme === each.theme);
    expect([...others, mark].sort((one, other) => order(one) - order(other)));
  }

  function toggleNone() {
    if (state.no_theme) {
      ask("take_back", { theme: "", said: "Taken back: no theme." });
      return expect(state.marks);
    }
    ask("give_none", { said: "Read, no theme." });
    expect(state.marks.filter((mark) => !mark.is_given), { memo: "" });
  }

  function takeWords(theme) {
    onSelection();
    if (!theme || !markOf(theme)) return say("First give a theme, then take words as its evidence.");
    if (!selection) return say("First select words in the quote.");
    ask("evidence", { theme, first: selection[0], last: selection[1], said: `Evidence for ${labels[theme]}.` });
  }

  function dropWords(theme) {
    if (theme && markOf(theme)) ask("evidence", { theme, said: `No evidence for ${labels[theme]}.` });
  }

  function weigh(theme, confidence) {
    if (!theme || !markOf(theme)) return;
    const held = Math.min(1, Math.max(0, Math.round(confidence * 10) / 10));
    ask("weigh", { theme, confidence: held, said: `${labels[theme]}: ${sureness(held)}.` });
    const marks = state.marks.map((mark) =>
      mark.theme === theme ? { ...mark, confidence: held, is_given: held >= threshold } : mark);
    expect(marks, held >= threshold ? null : state.no_theme);
  }

  const sureness = (value) => `${value.toFixed(1)}, ${value >= threshold ? "given" : "considered, not given"}`;

  // ---- the frame --------------------------------------------------------------------------------------------------

  const progressText = h("span", { class: "er-progress-text" });
  const progress = h("progress", { max: quotes.length, "aria-label": "Quotes read" });
  const jump = h("select", { "aria-label": "Quote", onchange: () => askTurn("turn", { at: jump.selectedIndex }) });
  jump.append(...quotes.map(() => h("option")));
  const button = (text, onclick, more = {}) => h("button", { type: "button", onclick, ...more }, text);
  const previous = button("Previous", () => askTurn("turn", { at: state.at - 1 }));
  const next = button("Next", () => askTurn("turn", { at: state.at + 1 }));
  const unread = button("Next unread", () => askTurn("unread"));
  const undo = button("Undo", () => askTurn("undo", { said: "Undone." }));

  const about = h("p", { class: "er-about" });
  const question = h("p", { class: "er-question" });
  // editable only so that a caret and Shift with arrow keys can select words; every change is refused
  const text = h("div", {
    class: "er-text", role: "textbox", "aria-multiline": "true", "aria-readonly": "true", contenteditable: "true",
    tabindex: "0", dir: "auto", spellcheck: "false", inputmode: "none", "aria-label": "Quote, select words as evidence",
  });
  for (const kind of ["beforeinput", "paste", "cut", "drop", "dragstart"])
    text.addEventListener(kind, (event) => event.preventDefault());
  text.addEventListener("input", () => showText(true)); // what an input method wrote all the same goes
  const selected = h("p", { class: "er-selected" });

  const rows = themes.map((theme, at) => themeRow(theme, at));
  const none = h("input", { type: "checkbox", onchange: toggleNone });
  const noneRow = h("div", { class: "er-theme er-none" }, h("label", {}, none, h("span", {}, "Read, no theme applies")));
  noneRow.firstChild.append(h("kbd", { "aria-hidden": "true" }, "0"));
  const list = h("fieldset", { class: "er-themes" }, h("legend", {}, "Themes"), ...rows.map((row) => row.node), noneRow);
  list.addEventListener("keydown", moveInList);
  const details = h("div", { class: "er-details" });
  const kept = new Map(); // theme -> its row of details, so that a memo being typed is never replaced

  const status = h("p", { class: "er-status", role: "status", "aria-live": "polite" });
  const trouble = h("div", { class: "er-trouble", role: "alert", hidden: true });
  const silence = h("div", { class: "er-trouble", role: "alert", hidden: true });
  silence.append(
    "No answer from the kernel: it is busy, or was restarted. Everything up to the last answer is saved. ",
    "Wait, or run this cell again to go on.",
  );
  const keys = h("details", { class: "er-keys" }, h("summary", {}, "Keyboard"), shortcutTable());
  const finish = button("", askFinish, { class: "er-finish" });
  const sure = h("span", { class: "er-sure", hidden: true });
  const compared = h("div", { class: "er-comparison", hidden: true });

  const root = h(
    "section", { class: "er-coding", "aria-label": `Coding by ${coder}`, "data-lm-suppress-shortcuts": "true" },
    h("div", { class: "er-bar" }, jump, previous, next, unread, undo, progress, progressText),
    trouble, silence,
    h("div", { class: "er-columns" },
      h("div", { class: "er-quote" }, about, question, text, selected, details),
      list),
    h("div", { class: "er-bar er-foot" }, status, finish, sure), keys, compared,
  );
  root.addEventListener("keydown", onKey);
  // JupyterLab listens on the document, so what it may hear is settled before: saving, but neither d d nor Shift+Enter
  const settle = (event) => {
    if (!root.contains(event.target)) return;
    const isSaving = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
    if (isSaving) root.removeAttribute("data-lm-suppress-shortcuts");
    else root.setAttribute("data-lm-suppress-shortcuts", "true");
  };
  window.addEventListener("keydown", settle, true);
  el.append(root);

  function themeRow(theme, at) {
    const box = h("input", { type: "checkbox", onchange: () => toggle(theme.theme), onfocus: () => (active = theme.theme) });
    const swatch = h("span", { class: "er-swatch", "aria-hidden": "true", style: `background:${theme.color}` });
    const label = h("label", {}, box, swatch, h("span", {}, theme.label));
    if (at < 9) label.append(h("kbd", { "aria-hidden": "true" }, String(at + 1)));
    const panel = h("div", { class: "er-definition", hidden: true });
    panel.append(...definition(theme));
    const more = button("?", () => define(panel, more), {
      class: "er-more", "aria-expanded": "false", "aria-label": `Definition of ${theme.label}`,
    });
    return { theme: theme.theme, box, panel, more, node: h("div", { class: "er-theme" }, label, more, panel) };
  }

  function definition(theme) {
    const parts = [theme.definition || "No definition yet: fill it in in the codebook."];
    for (const name of ["include", "exclude", "examples"])
      if (theme[name]) parts.push(...theme[name].split("\n").map((line) => `${name}: ${line}`));
    return parts.map((part) => h("p", {}, part));
  }

  function define(panel, more) {
    panel.hidden = !panel.hidden;
    more.setAttribute("aria-expanded", String(!panel.hidden));
  }

  function shortcutTable() {
    const lines = SHORTCUTS.map(([key, what]) => h("tr", {}, h("th", { scope: "row" }, h("kbd", {}, key)), h("td", {}, what)));
    return h("table", {}, h("tbody", {}, ...lines));
  }

  function detailRow(theme) {
    const name = theme ? labels[theme] : "Read, no theme";
    const slider = h("input", {
      type: "range", min: "0", max: "1", step: "0.1", "aria-label": `How sure: ${name}`,
      onchange: () => weigh(theme, Number(slider.value)), onfocus: () => (active = theme),
      oninput: () => (sureText.textContent = sureness(Number(slider.value))),
    });
    const sureText = h("span", { class: "er-sureness" });
    const words = h("q", { class: "er-words" });
    const take = button("Take selected words", () => takeWords(theme), { "aria-label": `Take selected words: ${name}` });
    const drop = button("Remove", () => dropWords(theme), { "aria-label": `Remove evidence: ${name}` });
    const memo = h("textarea", { rows: "1", "aria-label": `Memo: ${name}`, placeholder: "Memo: why?", onblur: flushMemos });
    memo.addEventListener("focus", () => (active = theme || active));
    memo.addEventListener("input", () => {
      const quote_id = quotes[state.at].quote_id;
      const send = () => ask("memo", { quote_id, theme, memo: memo.value });
      clearTimeout(memos.get(theme)?.timer);
      memos.set(theme, { send, timer: setTimeout(flushMemos, MEMO_MS) });
    });
    const node = h("div", { class: "er-detail", role: "group", "aria-label": name }, h("strong", {}, name));
    if (theme) node.append(h("div", {}, slider, sureText), h("div", {}, words, take, drop));
    node.append(memo);
    return { node, slider, sureText, words, take, drop, memo };
  }

  // ---- showing ----------------------------------------------------------------------------------------------------

  let shownQuote = null;

  function show() {
    // an answer to an earlier step would take back what was done since; the one to the last step is on its way
    if (model.get("state").step < asked) return;
    state = model.get("state");
    isTurning = false;
    clearTimeout(patience);
    showSilence(false);
    paint();
    say(state.said);
    while (waiting.length && !isTurning) waiting.shift().run();
  }

  function paint() {
    const isOther = shownQuote !== state.at;
    if (isOther) {
      selection = null;
      active = state.marks[0]?.theme ?? null;
      for (const row of kept.values()) row.node.remove();
      kept.clear();
      shownQuote = state.at;
    }
    showBar();
    showText(isOther);
    showThemes();
    showDetails();
    showSelected();
    showTrouble();
    finish.textContent = state.is_open ? "Comparison shown below" : "I am done: compare";
    finish.disabled = state.is_open;
    if (state.is_open) sure.hidden = true;
  }

  function showBar() {
    progress.value = state.n_read;
    progressText.textContent = `${state.n_read} of ${quotes.length} read`;
    quotes.forEach((quote, at) => {
      const line = `${state.read[at] ? "✓ " : ""}${quote.quote_id} ${quote.speaker_en || quote.speaker || ""}`;
      if (jump.options[at].textContent !== line) jump.options[at].textContent = line;
    });
    jump.selectedIndex = state.at;
    // a disabled button loses the focus, and the keyboard with it
    previous.setAttribute("aria-disabled", String(state.at === 0));
    next.setAttribute("aria-disabled", String(state.at === quotes.length - 1));
    undo.setAttribute("aria-disabled", String(!state.can_undo));
    const quote = quotes[state.at];
    about.textContent = [quote.speaker_en || quote.speaker, quote.role].filter(Boolean).join(", ");
    question.textContent = quote.question || "";
  }

  let drawn = "";

  function showText(isForced) {
    const spans = state.marks.filter((mark) => mark.evidence).map((mark) => [...mark.evidence, mark.theme]);
    const key = JSON.stringify([state.at, spans]);
    if (key === drawn && !isForced) return;
    drawn = key;
    const quote = quotes[state.at];
    const cuts = [0, quote.text.length, ...spans.flatMap(([first, last]) => [first, last])].sort((a, b) => a - b);
    const pieces = [];
    cuts.forEach((first, at) => {
      const last = cuts[at + 1];
      if (!(last > first)) return;
      const over = spans.filter((span) => span[0] <= first && last <= span[1]).map((span) => labels[span[2]]);
      const piece = quote.text.slice(first, last);
      pieces.push(over.length ? h("mark", { title: over.join(", ") }, piece) : piece);
    });
    const hadFocus = document.activeElement === text;
    text.replaceChildren(...pieces);
    if (quote.language) text.setAttribute("lang", quote.language);
    if (hadFocus && selection) select(...selection);
  }

  function select(first, last) {
    const range = document.createRange();
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    for (let passed = 0, node = walker.nextNode(); node; passed += node.length, node = walker.nextNode()) {
      if (passed <= first && first <= passed + node.length) range.setStart(node, first - passed);
      if (passed <= last && last <= passed + node.length) {
        range.setEnd(node, last - passed);
        break;
      }
    }
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
  }

  function showThemes() {
    for (const row of rows) {
      const mark = markOf(row.theme);
      row.box.checked = Boolean(mark);
      row.node.classList.toggle("er-rejected", Boolean(mark && !mark.is_given));
    }
    none.checked = Boolean(state.no_theme);
  }

  function showDetails() {
    const marks = state.no_theme ? [...state.marks, { theme: "", memo: state.no_theme.memo }] : state.marks;
    for (const [theme, row] of [...kept])
      if (!marks.some((mark) => mark.theme === theme)) {
        row.node.remove();
        kept.delete(theme);
      }
    marks.forEach((mark, at) => {
      if (!kept.has(mark.theme)) kept.set(mark.theme, detailRow(mark.theme));
      const row = kept.get(mark.theme);
      if (details.children[at] !== row.node) details.insertBefore(row.node, details.children[at] ?? null);
      if (mark.theme) {
        row.slider.value = mark.confidence;
        row.slider.setAttribute("aria-valuetext", sureness(mark.confidence));
        row.sureText.textContent = sureness(mark.confidence);
        row.words.textContent = mark.words;
        row.words.hidden = row.drop.hidden = !mark.words;
      }
      // what is being typed, or is on its way, stands
      if (!memos.has(mark.theme) && state.step >= asked && row.memo.value !== mark.memo) row.memo.value = mark.memo;
    });
  }

  function dropSelection() {
    if (selection) document.getSelection().removeAllRanges();
    selection = null;
    showSelected();
  }

  function showSelected() {
    const words = selection ? quotes[state.at].text.slice(...selection) : "";
    selected.textContent = words ? `Selected: “${words.length > 80 ? words.slice(0, 79) + "…" : words}”` : "";
  }

  function say(words) {
    status.textContent = words || "";
  }

  function showSilence(isSilent) {
    silence.hidden = !isSilent;
  }

  function showTrouble() {
    const key = state.is_saved ? "" : state.problem;
    if (trouble.dataset.key === key) return;
    trouble.dataset.key = key;
    trouble.hidden = !key;
    const file = h("input", { type: "text", value: state.path.replace(/(\.csv)?$/, "-2.csv"), "aria-label": "Other file" });
    trouble.replaceChildren(
      h("p", {}, `Not saved: ${state.problem}. Nothing is lost: your work is kept here, and every further step tries again.`),
      button("Try again", () => ask("show")), file, button("Save there", () => ask("move", { path: file.value })),
    );
  }

  function askFinish() {
    flushMemos();
    const left = quotes.length - state.n_read;
    if (!left) return ask("finish");
    sure.replaceChildren(
      `${left} quotes are unread, and what you code after this is no longer blind. `,
      button("Show the comparison", () => ask("finish")), button("Go on coding", () => ((sure.hidden = true), finish.focus())),
    );
    sure.hidden = false;
    sure.querySelector("button").focus();
  }

  function showComparison() {
    const { tables = [], notes = [] } = model.get("comparison");
    const { src, alt } = model.get("chart");
    compared.hidden = !tables.length && !notes.length;
    const parts = tables.map(({ caption, head, rows: lines }) =>
      h("table", {}, h("caption", {}, caption),
        h("thead", {}, h("tr", {}, ...head.map((cell) => h("th", { scope: "col" }, cell)))),
        h("tbody", {}, ...lines.map((line) => h("tr", {}, ...line.map((cell) => h("td", {}, cell)))))));
    if (src) parts.splice(1, 0, h("img", { src, alt }));
    compared.replaceChildren(...parts, ...notes.map((sentence) => h("p", {}, sentence)));
  }

  // ---- keyboard and selection -------------------------------------------------------------------------------------

  function onKey(event) {
    const field = event.target;
    if (field.tagName === "TEXTAREA" || (field.tagName === "INPUT" && field.type === "text") || field === jump) {
      if (event.key === "Escape" && field.tagName === "TEXTAREA") {
        flushMemos();
        text.focus();
      }
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      return undo.click();
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    // on a layout without Latin letters the place of the key counts
    const key = /^Key[A-Z]$/.test(event.code) && !/^[a-z]$/i.test(event.key) ? event.code.slice(3).toLowerCase() : event.key;
    const steps = {
      0: toggleNone, n: () => next.click(), p: () => previous.click(), u: () => unread.click(), z: () => undo.click(),
      e: () => takeWords(active), x: () => dropWords(active), q: () => text.focus(),
      "+": () => weigh(active, (markOf(active)?.confidence ?? 0) + 0.1),
      "-": () => weigh(active, (markOf(active)?.confidence ?? 0) - 0.1),
      m: () => (kept.get(active) ?? kept.get(""))?.memo.focus(),
      d: () => { const row = rows.find((each) => each.theme === active); if (row) define(row.panel, row.more); },
      "?": () => (keys.open = !keys.open), Escape: dropSelection,
    };
    if (/^[1-9]$/.test(key) && themes[key - 1]) steps[key] = () => toggle(themes[key - 1].theme);
    if (!steps[key]) return;
    event.preventDefault();
    if (!isTurning) steps[key]();
    // behind m comes what is meant for a memo; it must not be taken for commands
    else if (waiting.at(-1)?.key !== "m") waiting.push({ key, run: steps[key] });
  }

  function moveInList(event) {
    const boxes = [...rows.map((row) => row.box), none];
    const at = boxes.indexOf(event.target);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at < 0 || !by) return;
    event.preventDefault();
    boxes[(at + by + boxes.length) % boxes.length].focus();
  }

  function onSelection() {
    const chosen = document.getSelection();
    if (!chosen.rangeCount || !text.contains(chosen.anchorNode) || !text.contains(chosen.focusNode)) return;
    const range = chosen.getRangeAt(0);
    const before = document.createRange();
    before.selectNodeContents(text);
    before.setEnd(range.startContainer, range.startOffset);
    const first = before.toString().length;
    selection = range.collapsed ? null : [first, first + range.toString().length];
    showSelected();
  }

  document.addEventListener("selectionchange", onSelection);
  model.on("change:state", show);
  model.on("change:comparison", showComparison);
  model.on("change:chart", showComparison);
  show();
  showComparison();
  ask("show");
  return () => {
    window.removeEventListener("keydown", settle, true);
    document.removeEventListener("selectionchange", onSelection);
    model.off("change:state", show);
    model.off("change:comparison", showComparison);
    model.off("change:chart", showComparison);
    clearTimeout(patience);
    for (const { timer } of memos.values()) clearTimeout(timer);
  };
}

export default { render };
