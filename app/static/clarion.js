// Makes GOV.UK's components lively. Every page works without this file.
const script = document.querySelector("script[data-govuk]");
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
  import(script.dataset.govuk).then((frontend) => frontend.initAll());
}

// While somebody writes a section of a need, what to mend in it is looked up and shown. Nothing is saved.
// Without this, the button "Check what I wrote" shows the same in a whole page.
const PAUSE = 700;
for (const panel of document.querySelectorAll("[data-clarity]")) {
  const form = panel.closest("form");
  const findings = panel.querySelector("[data-clarity-findings]");
  const spoken = panel.querySelector("[data-clarity-spoken]");
  const button = panel.querySelector("[data-clarity-button]");
  let timer = 0;
  let asked = new AbortController();

  const look = async () => {
    asked.abort();
    asked = new AbortController();
    const typed = new URLSearchParams(new FormData(form));
    typed.set("fragment", "1");
    try {
      const answer = await fetch(panel.dataset.clarity, { method: "POST", body: typed, signal: asked.signal });
      // a refusal, or the page of signing in: what stands there stays, and the button comes back
      if (!answer.ok || answer.redirected) {
        button.hidden = false;
        return;
      }
      findings.innerHTML = await answer.text();
      const summary = findings.querySelector("[data-clarity-summary]").textContent.trim();
      if (spoken.textContent !== summary) spoken.textContent = summary;
    } catch (error) {
      if (error.name === "AbortError") return;
      button.hidden = false;
    }
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  };
  button.hidden = true;
  form.addEventListener("input", wait);
  form.addEventListener("submit", () => clearTimeout(timer));
}

// A section of a response is saved while typing pauses. Without this, its button saves it.
const REST = 1500;
for (const note of document.querySelectorAll("[data-autosave]")) {
  const form = note.closest("form");
  const said = note.querySelector("[data-autosave-said]");
  const version = form.querySelector("input[name=version]");
  let timer = 0;
  let underway = null;
  let isOver = false;

  const say = (words) => {
    if (said.textContent !== words) said.textContent = words;
  };
  const save = async () => {
    const typed = new URLSearchParams(new FormData(form));
    typed.set("autosave", "1");
    try {
      const answer = await fetch(window.location.pathname, { method: "POST", body: typed, redirect: "error" });
      const told = await answer.json();
      say(told.said);
      if (answer.ok) version.value = told.version;
      // something to mend in what was typed is told, and tried again; anything else is for the button
      else if (answer.status !== 422) isOver = true;
    } catch {
      say("It could not be saved just now. Press the button to save it.");
    }
  };
  const start = () => {
    if (underway) return underway.then(wait);
    underway = save().finally(() => {
      underway = null;
    });
    return underway;
  };
  const wait = () => {
    clearTimeout(timer);
    if (!isOver) timer = setTimeout(start, REST);
  };
  note.hidden = false;
  form.addEventListener("input", wait);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    isOver = true;
    // the button waits for a save that is under way, or it would be taken for a colleague's
    if (!underway) return;
    event.preventDefault();
    const button = event.submitter;
    underway.then(() => form.requestSubmit(button));
  });
}
