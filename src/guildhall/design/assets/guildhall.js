// What pages do beyond HTML: GOV.UK's components, and a warning before a session ends. Every page works without it.
import { initAll } from "govuk-frontend";

const MINUTE = 60 * 1000;
const WARN_BEFORE = 2 * MINUTE;

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

for (const element of document.querySelectorAll('[data-module="session-warning"]')) {
  warnBeforeTheEnd(element);
}

// Ask before signing somebody out. The clock of the page may be wrong, so only the time left is taken from it.
function warnBeforeTheEnd(element) {
  const dialog = element.querySelector("dialog");
  let end = Date.now() + Number(element.dataset.secondsLeft) * 1000;
  let warned = false;

  element.querySelector("[data-stay]").addEventListener("click", async () => {
    const answer = await fetch(element.dataset.stayUrl, { credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) {
      window.location.reload();
      return;
    }
    const serverTime = Date.parse(answer.headers.get("Date")) || Date.now();
    end = Date.now() + Date.parse((await answer.json()).session_ends_at) - serverTime;
    warned = false;
    dialog.close();
  });

  window.setInterval(() => {
    const left = end - Date.now();
    if (left <= 0) {
      window.location.reload();
    } else if (left <= WARN_BEFORE && !warned) {
      warned = true;
      dialog.showModal();
    }
  }, 1000);
}
