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
