// Comfort only: every page works without this file. All words come from the page (data attributes), never from here.
(() => {
  "use strict";
  const all = (sel, root = document) => [...root.querySelectorAll(sel)];
  const fold = (s) => s.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
  const say = (el, text) => { if (el) el.textContent = text; };
  const fill = (text, value) => text.replace("#", value);

  // Each feature runs once per element, however often parts of the page are replaced.
  const features = [];
  const each = (sel, enhance) => {
    const done = new WeakSet();
    features.push(() => all(sel).forEach((el) => {
      if (done.has(el)) return;
      done.add(el);
      enhance(el);
    }));
  };
  const init = () => features.forEach((run) => run());

  // Controls that need script are shipped hidden; those that only serve without it go away.
  each("[data-js]", (el) => { el.hidden = false; });
  each("[data-nojs]", (el) => { el.hidden = true; });

  // What is wrong with a form comes first.
  each("[data-focus]", (el) => el.focus());

  // Copy buttons: the value stands beside the button too and can be selected by hand.
  each("[data-copy]", (btn) => {
    const label = btn.querySelector("span");
    const before = label.textContent;
    btn.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(btn.dataset.copy); } catch {
        const value = btn.closest("div").querySelector("dd");
        if (!value) return;
        const range = document.createRange();
        range.selectNodeContents(value);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        document.execCommand("copy");
      }
      say(label, btn.dataset.done);
      setTimeout(() => say(label, before), 2500);
    });
  });

  // Commune: one box, typed without marks, that fills the plain <select> it replaces. The box takes over the id,
  // so that the label and the links of the error summary lead to it.
  each("[data-commune]", (field) => {
    const select = field.querySelector("select");
    const box = Object.assign(document.createElement("input"), {
      type: "search", id: select.id, autocomplete: "off", placeholder: field.dataset.commune, required: select.required,
    });
    const hits = Object.assign(document.createElement("ul"), { className: "hits", hidden: true });
    const shown = () => (select.value ? select.selectedOptions[0].text : "");
    const reset = () => { hits.hidden = true; box.value = shown(); };
    const pick = (o) => {
      select.value = o.value;
      reset();
      box.focus();
      select.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const hit = (o) => {
      const li = document.createElement("li");
      const btn = Object.assign(document.createElement("button"), { type: "button", textContent: o.text });
      btn.addEventListener("click", () => pick(o));
      li.append(btn);
      return li;
    };
    const look = () => {
      const words = fold(box.value).split(/\s+/).filter(Boolean);
      const fits = (o) => o.value && words.every((w) => fold(o.text).includes(w));
      const found = words.length ? [...select.options].filter(fits).slice(0, 6) : [];
      hits.replaceChildren(...found.map(hit));
      hits.hidden = !found.length;
    };
    ["aria-describedby", "aria-invalid"].forEach((a) => select.hasAttribute(a) && box.setAttribute(a, select.getAttribute(a)));
    box.addEventListener("focus", () => box.select());
    box.addEventListener("input", look);
    // what is half typed is not a place yet, so a change of this box is no news to the form
    box.addEventListener("change", (e) => e.stopPropagation());
    field.addEventListener("keydown", (e) => {
      const rows = all("button", hits);
      const at = rows.indexOf(document.activeElement);
      if (hits.hidden) return;
      if (e.key === "Escape") { reset(); box.focus(); } else if (e.key === "Enter" && e.target === box) rows[0].click();
      else if (e.key === "ArrowDown") rows[Math.min(at + 1, rows.length - 1)].focus();
      else if (e.key === "ArrowUp") (rows[at - 1] || box).focus();
      else return;
      e.preventDefault();
    });
    field.addEventListener("focusout", (e) => { if (!field.contains(e.relatedTarget)) reset(); });
    select.addEventListener("communes", reset);
    select.id += "-value";
    select.required = false;
    select.hidden = true;
    select.before(box, hits);
    box.value = shown();
  });

  // Province: brings its communes into the commune <select> of the same form.
  each("select[data-communes-url]", (province) => {
    let last = 0;
    province.addEventListener("change", async () => {
      const select = province.form.querySelector("[data-commune] select");
      const empty = [...select.options].filter((o) => !o.value).slice(0, 1);
      const turn = ++last;
      const put = (options) => {
        select.replaceChildren(...empty, ...options);
        select.value = "";
        select.dispatchEvent(new Event("communes"));
      };
      put([]);
      try {
        const url = new URL(province.dataset.communesUrl, location.href);
        url.searchParams.set("province", province.value);
        const { communes } = await (await fetch(url)).json();
        if (turn === last) put(communes.map(([value, text]) => new Option(text, value)));
      } catch { /* the page's own button asks the server instead */ }
    });
  });

  // Quantity: plus and minus around a plain number field.
  each(".qty", (box) => {
    const input = box.querySelector("input");
    const [less, more] = all("template", box).map((t) => t.content.firstElementChild.cloneNode(true));
    if (!more) return;
    const tell = (type) => input.dispatchEvent(new Event(type, { bubbles: true }));
    const step = (up) => { up ? input.stepUp() : input.stepDown(); tell("input"); tell("change"); };
    const mark = () => {
      less.disabled = +input.value <= +input.min;
      more.disabled = input.max !== "" && +input.value >= +input.max;
    };
    less.addEventListener("click", () => step(false));
    more.addEventListener("click", () => step(true));
    input.before(less);
    input.after(more);
    input.addEventListener("input", mark);
    mark();
  });

  // A form that is sent by itself a moment after its last change (sorting, quantities of the basket).
  each("form[data-auto]", (form) => {
    let wait;
    form.addEventListener("change", () => {
      clearTimeout(wait);
      wait = setTimeout(() => form.requestSubmit(form.querySelector("[data-auto-button]") || undefined), 500);
    });
  });

  // Add to the basket without leaving the page; the basket bar says what happened.
  let hideToast;
  const toast = (text, bad) => {
    const bar = document.getElementById("basket-bar");
    if (!bar) return;
    bar.classList.toggle("toast--bad", bad);
    bar.hidden = false;
    say(bar.querySelector("span"), text);
    clearTimeout(hideToast);
    hideToast = setTimeout(() => { bar.hidden = true; }, bad ? 10000 : 6000);
  };
  const count = (n) => {
    all("[data-count]").forEach((el) => { say(el, n); el.hidden = !n; });
    all("[data-count-label]").forEach((el) => el.setAttribute("aria-label", fill(el.dataset.countLabel, n)));
  };
  const asked = new WeakSet();
  const plain = new WeakSet();
  document.addEventListener("submit", async (e) => {
    const form = e.target;
    const button = e.submitter;
    if (!form.matches("form[data-add]") || plain.has(form) || (button && button.name === "now")) return;
    if (!document.getElementById("basket-bar")) return;
    e.preventDefault();
    if (asked.has(form)) return;
    asked.add(form);
    const data = new FormData(form);
    if (button && button.name) data.append(button.name, button.value);
    try {
      const answer = await (await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } })).json();
      if (!answer.error && !("count" in answer)) throw answer;
      if (!answer.error) count(answer.count);
      toast(answer.error || answer.message, Boolean(answer.error));
    } catch {
      plain.add(form);
      form.requestSubmit(button || undefined);
    }
    asked.delete(form);
  });

  // Share sheet of the phone where there is one; printing where there is script.
  each("[data-share]", (btn) => {
    btn.hidden = !navigator.share;
    btn.addEventListener("click", () => navigator.share({ title: document.title, url: btn.dataset.share || location.href }).catch(() => {}));
  });
  each("[data-print]", (btn) => {
    btn.hidden = false;
    btn.addEventListener("click", () => print());
  });

  // Parts of a page that come anew from the server.
  const parse = async (response) => {
    if (!response.ok) throw response;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // a new part may show icons that this page did not have
    const sheet = document.getElementById("icons");
    all("symbol", page).forEach((s) => { if (sheet && !document.getElementById(s.id)) sheet.append(document.importNode(s, true)); });
    return page;
  };
  const keep = (swap) => {
    const at = document.activeElement;
    const open = all("details[open][id]").map((d) => d.id);
    const { id, name, value, type } = at || {};
    swap();
    init();
    open.forEach((d) => { const el = document.getElementById(d); if (el) el.open = true; });
    if (at && at.isConnected) return;
    const twin = (id && document.getElementById(id)) || (name && all("[name]").find((el) => el.name === name && (type !== "radio" || el.value === value)));
    if (twin) twin.focus({ preventScroll: true });
  };

  // Pay and order pages ask for the version every two seconds and bring the new state when it has changed. Buyers are
  // away in the app of their bank meanwhile: a hidden page asks nothing, and asks at once when it is looked at again.
  const news = () => all("[data-poll-region] [data-news]").map((el) => el.dataset.news.trim());
  const refresh = async (address, signal) => {
    const answer = await fetch(address, { cache: "no-store", signal });
    if (answer.redirected) return location.replace(answer.url);
    const page = await parse(answer);
    const fresh = all("[data-poll-region]", page);
    const told = news();
    keep(() => all("[data-poll-region]").forEach((el, i) => { if (fresh[i]) el.innerHTML = fresh[i].innerHTML; }));
    const now = page.querySelector("[data-poll]");
    // once, and only what is new
    const text = news().filter((line) => !told.includes(line)).join(". ");
    if (text) say(document.getElementById("announce"), text);
    return now && now.dataset.version;
  };
  each("[data-poll]", (el) => {
    const CALM = 2000, SOON = 1500, SOON_FOR = 60000, LONGEST = 30000, PATIENCE = 10000;
    let soonUntil = "soon" in el.dataset ? Date.now() + SOON_FOR : 0;
    let pause = CALM, next, turn;
    const wait = () => {
      clearTimeout(next);
      if (!document.hidden && el.isConnected) next = setTimeout(ask, pause);
    };
    const ask = async () => {
      // a phone that slept may hold on to a connection that is long dead
      if (turn) turn.abort();
      const mine = turn = new AbortController();
      const end = setTimeout(() => mine.abort(), PATIENCE);
      clearTimeout(next);
      try {
        const answer = await fetch(el.dataset.poll, { cache: "no-store", signal: mine.signal });
        if (!answer.ok) throw answer;
        const { version } = await answer.json();
        if (version && version !== el.dataset.version) {
          el.dataset.version = (await refresh(el.dataset.page || location.href, mine.signal)) || version;
        }
        pause = Date.now() < soonUntil ? SOON : CALM;
      } catch { if (turn === mine) pause = Math.min(pause * 2, LONGEST); }
      clearTimeout(end);
      if (turn === mine) wait();
    };
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return clearTimeout(next);
      soonUntil = Date.now() + SOON_FOR;
      pause = SOON;
      ask();
    });
    pause = soonUntil ? SOON : CALM;
    wait();
  });

  // Minutes left, in the page's own words.
  each("[data-until]", (el) => {
    const tick = () => {
      const left = Math.ceil((new Date(el.dataset.until) - Date.now()) / 60000);
      const { one, many, over } = el.dataset;
      say(el, left < 1 ? over : fill(left === 1 && one ? one : many, left));
      if (left > 0 && el.isConnected) setTimeout(tick, 15000);
    };
    tick();
  });

  // Checkout: a choice of place, delivery or payment is worked out anew by the server, part by part.
  each("form[data-preview]", (form) => {
    let asking;
    form.addEventListener("change", async (e) => {
      if (!e.target.matches("select, [type=radio], [type=checkbox], [data-refresh]")) return;
      if (asking) asking.abort();
      const turn = asking = new AbortController();
      form.setAttribute("aria-busy", "true");
      try {
        const headers = { "X-Requested-With": "preview" };
        const page = await parse(await fetch(form.action, { method: "POST", body: new FormData(form), headers, signal: turn.signal }));
        keep(() => all("[data-part]", page).forEach((part) => {
          const old = all("[data-part]").find((el) => el.dataset.part === part.dataset.part);
          if (old) old.replaceWith(document.importNode(part, true));
        }));
        form.removeAttribute("aria-busy");
      } catch {
        if (turn !== asking) return;
        form.removeAttribute("aria-busy");
        const again = form.querySelector("[data-preview-button]");
        if (again) again.click();
      }
    });
  });

  // Old browsers cannot open a closed <details> by style.
  if (!CSS.supports("selector(::details-content)") && matchMedia("(min-width: 72rem)").matches) {
    all(".facets").forEach((d) => { d.open = true; });
  }
  init();
})();
