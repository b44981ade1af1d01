// What the frame does in the browser alone: theme, time zone, copying, printing, reloading, search key, drawer, menus, use of the session. One listener each for the
// whole document, so that it works on static and interactive pages alike and survives navigation.
const year = 60 * 60 * 24 * 365;

function remember(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${year}; samesite=lax${secure}`;
}

const themes = ["system", "light", "dark"];

function nextTheme() {
  const root = document.documentElement;
  const theme = themes[(themes.indexOf(root.dataset.theme ?? "system") + 1) % themes.length];
  root.dataset.theme = theme;
  remember("theme", theme);
}

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.getAttribute("aria-label");
  button.classList.add("copied");
  button.setAttribute("aria-label", button.dataset.copied);
  setTimeout(() => {
    button.classList.remove("copied");
    button.setAttribute("aria-label", label);
  }, 1500);
}

function focusSearch(event) {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const search = document.querySelector("[data-search]");
  if (event.key === "/" && !typing && search && !document.querySelector("dialog[open]") && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
    search.select();
  }
}

document.addEventListener("click", event => {
  const target = event.target.closest?.("[data-theme-switch], [data-copy], [data-print], [data-reload], .shell-nav:popover-open a");
  if (!target) {
    return;
  }
  if (target.matches("[data-theme-switch]")) {
    nextTheme();
  } else if (target.matches("[data-copy]")) {
    copy(target);
  } else if (target.matches("[data-print]")) {
    print();
  } else if (target.matches("[data-reload]")) {
    location.reload();
  } else {
    target.closest(".shell-nav").hidePopover();
  }
});

document.addEventListener("keydown", focusSearch);

// A popover has no place in the page: a menu is put below its button.
document.addEventListener("beforetoggle", event => {
  const menu = event.target;
  if (event.newState === "open" && menu.matches(".menu-below")) {
    const button = document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect();
    menu.style.top = `${button.bottom + 4}px`;
    const width = document.documentElement.clientWidth;
    const isLeft = button.left + button.right < width;
    menu.style.left = isLeft ? `${button.left}px` : "auto";
    menu.style.right = isLeft ? "auto" : `${width - button.right}px`;
  }
}, true);

// Somebody is at this page: the session is told, at most once a minute. What an open page does by itself does not count, so that a
// session nobody uses runs out. (Loading the page counted already.)
const minute = 60 * 1000;
let told = performance.now();

function noteUse(event) {
  if (event.isTrusted && performance.now() - told >= minute) {
    told = performance.now();
    fetch("/session/seen", { method: "POST", keepalive: true }).catch(() => {});
  }
}

for (const use of ["pointerdown", "keydown", "wheel"]) {
  document.addEventListener(use, noteUse, { capture: true, passive: true });
}

// The server shows times in this zone from the next request on.
remember("tz", Intl.DateTimeFormat().resolvedOptions().timeZone);
