"use strict";
(() => {
  const form = document.getElementById("filters");
  const quotes = [...document.querySelectorAll(".quote")];
  const shown = document.getElementById("shown");
  const none = document.getElementById("none");
  const fields = ["theme", "coder", "speaker", "platform", "text"]
    .map((name) => form.elements.namedItem(name))
    .filter((field) => field !== null);
  const plain = (text) => text.normalize("NFKC").toLocaleLowerCase();
  const words = new Map(quotes.map((quote) => [quote, plain(
    [...quote.querySelectorAll(".speaker, .about, .answer")].map((part) => part.textContent).join(" "),
  )]));

  // The token of a choice, "" where it is left open
  const token = (name) => {
    const field = form.elements.namedItem(name);
    return field ? field.selectedOptions[0].dataset.token ?? "" : "";
  };

  const has = (tokens, one) => (tokens ?? "").split(" ").includes(one);

  function isWanted(quote) {
    const theme = token("theme");
    const coder = token("coder") || "most";
    if (theme && !has(quote.dataset.themes, `${theme}.${coder}`)) return false;
    if (token("speaker") && quote.dataset.speaker !== token("speaker")) return false;
    if (token("platform") && !has(quote.dataset.platforms, token("platform"))) return false;
    return plain(form.elements.namedItem("text").value).split(/\s+/).every((word) => words.get(quote).includes(word));
  }

  // Evidence of the chosen theme, and of the chosen reading where there is one, becomes a mark
  function light(part) {
    const theme = token("theme");
    const coder = token("coder") === "any" ? "" : token("coder");
    const by = part.dataset.by.split(" ").map((one) => one.split("."));
    const chosen = by.filter(([t, c]) => (!theme || t === theme) && (!coder || c === coder));
    const isLit = Boolean(theme || coder) && chosen.length > 0;
    let mark = part.querySelector("mark");
    if (isLit && !mark) {
      mark = document.createElement("mark");
      mark.append(...part.childNodes);
      part.append(mark);
    } else if (!isLit && mark) {
      mark.replaceWith(...mark.childNodes);
    }
    if (isLit) mark.dataset.n = String(Math.min(new Set(chosen.map(([, c]) => c)).size, 3));
  }

  function update() {
    let n = 0;
    for (const quote of quotes) {
      quote.hidden = !isWanted(quote);
      n += quote.hidden ? 0 : 1;
    }
    document.querySelectorAll(".evidence").forEach(light);
    none.hidden = n > 0;
    const text = n === quotes.length ? `All ${n} answers are shown` : `${n} of ${quotes.length} answers are shown`;
    if (shown.textContent !== text) shown.textContent = text;
  }

  // The choice is kept in the address: #theme=goals&coder=A
  function keep() {
    const kept = new URLSearchParams();
    for (const field of fields) if (field.value) kept.set(field.name, field.value);
    const hash = kept.toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  }

  function choose(values) {
    for (const field of fields) {
      const value = values.get(field.name) ?? "";
      const isKnown = field.tagName !== "SELECT" || [...field.options].some((option) => option.value === value);
      field.value = isKnown ? value : "";
    }
    update();
  }

  // #Q05 opens one answer, #theme=... a choice, #notebook-... a notebook; other places are the browser's own business
  function follow() {
    const hash = location.hash.slice(1);
    const place = document.getElementById(hash);
    if (place === null) {
      if (hash.includes("=")) choose(new URLSearchParams(hash));
      return;
    }
    if (place.matches(".quote")) {
      choose(new Map());
      place.scrollIntoView();
      place.focus({ preventScroll: true });
    } else if (place.matches("details")) {
      place.open = true;
      place.scrollIntoView();
      place.querySelector("summary").focus({ preventScroll: true });
    }
  }

  function changed() {
    update();
    keep();
  }

  let waiting;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (event.target.name === "text") waiting = setTimeout(changed, 150);
    else changed();
  });
  form.addEventListener("submit", (event) => event.preventDefault());

  for (const button of document.querySelectorAll("[data-clear]")) {
    button.addEventListener("click", () => {
      choose(new Map());
      keep();
      fields[0].focus();
    });
  }

  // A theme on a card chooses that theme
  for (const chip of document.querySelectorAll("[data-choose]")) {
    const [theme, coder] = chip.dataset.choose.split(" ");
    const option = form.querySelector(`option[data-token="${theme}"]`);
    const choice = new URLSearchParams({ theme: option.value, ...(coder ? { coder } : {}) });
    chip.href = `#${choice}`;
    chip.addEventListener("click", (event) => {
      event.preventDefault();
      choose(choice);
      keep();
      chip.closest(".quote").scrollIntoView({ block: "nearest" });
    });
  }

  // A header of a long table sorts it; a second time the other way round
  function sort(table, column, isUp) {
    const body = table.tBodies[0];
    const key = (row) => {
      const cell = row.cells[column];
      return cell.dataset.n === undefined ? cell.textContent : cell.dataset.n === "" ? -Infinity : Number(cell.dataset.n);
    };
    const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, "en"));
    const rows = [...body.rows].sort((a, b) => (isUp ? 1 : -1) * compare(key(a), key(b)));
    body.append(...rows);
    [...table.tHead.rows[0].cells].forEach((cell, i) => {
      if (i === column) cell.setAttribute("aria-sort", isUp ? "ascending" : "descending");
      else cell.removeAttribute("aria-sort");
    });
  }
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tHead.rows[0].cells].forEach((cell, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...cell.childNodes);
      cell.append(button);
      button.addEventListener("click", () => {
        const isNumber = cell.classList.contains("number");
        const before = cell.getAttribute("aria-sort");
        sort(table, column, before === null ? !isNumber : before === "descending");
      });
    });
  }

  form.hidden = false;
  window.addEventListener("hashchange", follow);
  update();
  follow();
})();
