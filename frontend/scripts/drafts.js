// Forms with data-draft keep what was typed in this browser, until it is sent or its writer signs out.
import { say } from "./words.js";
import { tell } from "./notices.js";

const PREFIX = "draft:";
const SENT = "draft-sent";

function fields(form) {
  return [...form.elements].filter(
    (field) => field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && !field.disabled,
  );
}

function read(form) {
  return fields(form).map((field) => [field.name, field.type, /checkbox|radio/.test(field.type) ? field.checked : field.value, field.value]);
}

function write(form, saved) {
  const queue = [...saved];
  for (const field of fields(form)) {
    const at = queue.findIndex(([name, type, , value]) => name === field.name && type === field.type && (!/checkbox|radio/.test(type) || value === field.value));
    if (at < 0) continue;
    const [[, type, value]] = queue.splice(at, 1);
    if (/checkbox|radio/.test(type)) field.checked = value;
    else field.value = value;
  }
}

function restore(form) {
  const key = PREFIX + form.dataset.draft;
  if (sessionStorage.getItem(SENT) === key) {
    sessionStorage.removeItem(SENT);
    // Refused forms come back with what was typed; anything else that shows the form anew took it.
    if (!form.querySelector("[aria-invalid=true], [role=alert]")) localStorage.removeItem(key);
    return;
  }
  const saved = localStorage.getItem(key);
  const before = JSON.stringify(read(form));
  if (!saved || saved === before) return;
  write(form, JSON.parse(saved));
  tell(say("draftRestored"), {
    action: {
      label: say("discard"),
      run: () => {
        localStorage.removeItem(key);
        write(form, JSON.parse(before));
      },
    },
  });
}

function mount(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    if (form.dataset.draftMounted) continue;
    form.dataset.draftMounted = "1";
    restore(form);
    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => localStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify(read(form))), 300);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      if (form.matches("[hx-post], [data-upload]")) return;
      sessionStorage.setItem(SENT, PREFIX + form.dataset.draft);
      // What still waits to be kept on the server would come after the form itself, and be refused.
      for (const element of form.querySelectorAll("[data-autosave]")) element.remove();
    });
  }
}

const pending = sessionStorage.getItem(SENT);
mount(document);
// The page that followed does not show the form again: it was taken.
if (pending && sessionStorage.getItem(SENT) === pending) {
  sessionStorage.removeItem(SENT);
  if (!document.querySelector("[data-error-page]")) localStorage.removeItem(pending);
}

document.addEventListener("htmx:after:swap", () => mount(document));
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement?.closest?.("form[data-draft]");
  if (form && ctx.request.method === "POST" && ctx.response.status < 400) localStorage.removeItem(PREFIX + form.dataset.draft);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-sign-out]")) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
});
