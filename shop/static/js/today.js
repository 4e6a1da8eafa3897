// New orders are announced: in the tab's title, in a line at the bottom, by a bell for those who asked for one.
// The page itself is brought anew by site.js; this file looks at what has come. All words come from the page.
(() => {
  "use strict";
  const now = () => document.querySelector("[data-today]");
  if (!now()) return;
  const read = () => ({ latest: +now().dataset.latest, take: +now().dataset.take });
  const rest = document.title.replace(/^\(\d+\) /, "");
  const ding = document.querySelector("[data-ding]");
  const bell = document.querySelector("[data-bell]");
  let sound, hide, seen = read();

  const ring = () => {
    if (!sound || sound.state !== "running") return;
    [[880, 0], [1175, .18]].forEach(([pitch, at]) => {
      const tone = sound.createOscillator();
      const loud = sound.createGain();
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(.25, sound.currentTime + at);
      loud.gain.exponentialRampToValueAtTime(.001, sound.currentTime + at + .5);
      tone.connect(loud).connect(sound.destination);
      tone.start(sound.currentTime + at);
      tone.stop(sound.currentTime + at + .5);
    });
  };
  // Browsers let a page make noise only after a touch.
  const wake = async () => {
    sound ||= new AudioContext();
    await sound.resume();
  };
  const wished = (yes) => {
    try {
      if (yes !== undefined) localStorage.setItem("bell", yes ? "1" : "");
      return localStorage.getItem("bell") === "1";
    } catch { return Boolean(yes); }
  };
  const show = (on) => {
    bell.setAttribute("aria-pressed", on);
    bell.querySelector("span").textContent = on ? bell.dataset.on : bell.dataset.off;
  };
  if (bell && window.AudioContext) {
    let on = wished();
    bell.hidden = false;
    show(on);
    if (on) document.addEventListener("pointerdown", wake, { once: true });
    bell.addEventListener("click", async () => {
      on = bell.getAttribute("aria-pressed") !== "true";
      wished(on);
      show(on);
      if (on) { await wake(); ring(); } else if (sound) sound.suspend();
    });
  }

  const tell = (text) => {
    ding.firstElementChild.textContent = text;
    ding.hidden = false;
    clearTimeout(hide);
    hide = setTimeout(() => { ding.hidden = true; }, 8000);
    ring();
  };

  // Ticks survive the coming of new rows.
  const ticked = new Set();
  const boxes = () => [...document.querySelectorAll('[name="don"]')];
  const all = () => document.querySelector("[data-tick-all]");
  document.addEventListener("change", (e) => {
    if (e.target === all()) boxes().forEach((box) => { box.checked = e.target.checked; });
    if (e.target === all() || e.target.name === "don") {
      ticked.clear();
      boxes().filter((box) => box.checked).forEach((box) => ticked.add(box.value));
    }
  });

  // The filter in use may stand beyond the edge of a phone.
  const turn = () => {
    const tab = document.querySelector(".tabs [aria-current]");
    if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 16;
  };
  turn();

  const look = () => {
    if (!now()) return;
    turn();
    boxes().forEach((box) => { box.checked = ticked.has(box.value); });
    const fresh = read();
    document.title = (fresh.take ? `(${fresh.take}) ` : "") + rest;
    // The menus stand outside the parts that come anew.
    document.querySelectorAll('nav a[href$="/ban-hang/"] .badge').forEach((b) => { b.firstChild.nodeValue = fresh.take; b.hidden = !fresh.take; });
    if (fresh.latest > seen.latest) tell(now().dataset.order);
    else if (fresh.take > seen.take) tell(now().dataset.money);
    seen = fresh;
  };
  const watch = new MutationObserver(look);
  document.querySelectorAll("[data-poll-region]").forEach((region) => watch.observe(region, { childList: true }));
})();
