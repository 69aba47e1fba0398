// What pages do beyond HTML: GOV.UK's components, and a warning before a session ends. Every page works without it.
import { initAll } from "govuk-frontend";

const MINUTE = 60 * 1000;
const WARN_BEFORE = 2 * MINUTE;

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

for (const element of document.querySelectorAll('[data-module="session-warning"]')) {
  warnBeforeTheEnd(element);
}

for (const element of document.querySelectorAll("[data-progress-url]")) {
  followProgress(element);
}

// Show how far something has come, and the page anew when it has come into another state.
function followProgress(element) {
  const bar = element.querySelector("progress");
  const words = element.querySelector("[data-progress-words]");
  const timer = window.setInterval(async () => {
    if (document.hidden) {
      return;
    }
    const answer = await fetch(element.dataset.progressUrl, { credentials: "same-origin" }).catch(() => null);
    if (!answer || !answer.ok || answer.redirected) {
      return;
    }
    const now = await answer.json();
    if (now.state !== element.dataset.state) {
      window.clearInterval(timer);
      window.location.replace(window.location.origin + window.location.pathname);
      return;
    }
    words.textContent = now.words;
    if (bar.max > 1) {
      bar.value = now.done;
    }
  }, 1500);
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
