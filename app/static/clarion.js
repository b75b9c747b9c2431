// Makes GOV.UK's components lively. Every page works without this file.
const script = document.querySelector("script[data-govuk]");
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
  import(script.dataset.govuk).then((frontend) => frontend.initAll());
}
