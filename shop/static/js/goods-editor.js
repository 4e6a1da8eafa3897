// The editor of one product: drafts save themselves, pictures travel in parts and go on after a break, the card and the
// price of a kilo follow what is typed. Without this file the form posts plainly. All words come from the page.
(() => {
  "use strict";
  const form = document.querySelector("form[data-editor]");
  if (!form) return;
  const $ = (sel) => form.querySelector(sel);
  const box = (name) => form.elements[name];
  const token = box("csrfmiddlewaretoken").value;
  const say = $("[data-state]");
  const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
  const post = (url, body) => fetch(url, {
    method: "POST", body, headers: { "X-Requested-With": "fetch", "X-CSRFToken": token },
  });
  form.classList.add("is-live");

  // -- Save quietly, one after the other -----------------------------------------------------------------------------
  let timer = 0, saving = null, dirty = false, setTouched = Boolean(box("ocop_set").value);
  const tell = (text) => { if (say && text) say.textContent = text; };
  const fields = () => {
    const data = new FormData(form);
    data.delete("photos");
    data.set("do", "save");
    return data;
  };
  const take = (facts) => {
    if (facts.url && "new" in form.dataset) {
      delete form.dataset.new;
      form.action = facts.url;
      history.replaceState(null, "", facts.url);
    }
    if (facts.start) { form.dataset.start = facts.start; form.dataset.photos = facts.photos; }
    if (facts.set && !setTouched) box("ocop_set").value = facts.set;
    if (box("stock")) box("stock_seen").value = box("stock").value;
  };
  const save = () => {
    clearTimeout(timer);
    dirty = false;
    saving = (saving || Promise.resolve()).then(async () => {
      tell(form.dataset.saving);
      try {
        const answer = await post(form.action, fields());
        const facts = await answer.json();
        take(facts);
        const wrong = Object.values(facts.errors || {})[0];
        const now = new Date().toTimeString().slice(0, 5);
        tell(wrong ? wrong[0] : form.dataset.saved.replace("#", now));
        return true;
      } catch {
        dirty = true;
        tell(form.dataset.failed);
        timer = setTimeout(save, 5000);
        return false;
      }
    });
    return saving;
  };
  const later = () => {
    if (!("autosave" in form.dataset)) return;
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, 1200);
  };
  form.addEventListener("input", (event) => { if (event.target.type !== "file") later(); });
  form.addEventListener("change", (event) => {
    if (event.target.name === "ocop_set") setTouched = true;
    if (event.target.type !== "file") later();
  });
  form.addEventListener("submit", () => { clearTimeout(timer); dirty = false; });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && dirty) navigator.sendBeacon(form.action, fields());
  });

  // -- The card and the price of a kilo ------------------------------------------------------------------------------
  const lang = document.documentElement.lang;
  const dong = (n) => `${n.toLocaleString(lang === "en" ? "en" : "de")}\u00a0₫`;
  const amount = (text) => parseInt(String(text).replace(/[^\d]/g, ""), 10) || 0;
  const grams = (text) => {
    const found = /^(\d+)(?:[.,](\d{1,3}))?\s*(kg|kí|ký|ki|kilo|g|gr|gram|l|lít|lit|ml)?$/i.exec(text.trim());
    if (!found) return 0;
    const small = /^(g|gr|gram|ml)$/i.test(found[3] || "");
    if (small || (!found[3] && !found[2] && +found[1] > 20)) return +found[1];
    return +found[1] * 1000 + +(found[2] || "0").padEnd(3, "0");
  };
  const show = (name, text) => { const el = $(`[data-show=${name}]`); if (el) el.textContent = text; };
  const drawPrice = () => {
    const price = amount(box("price").value);
    const weight = grams(box("net_weight_g").value);
    const kilo = price && weight && weight !== 1000 ? `${dong(Math.round((price * 10) / weight) * 100)}/kg` : "";
    $("[data-kilo]").textContent = kilo;
    show("price", price ? dong(price) : "");
    show("unit", box("unit_vi").value);
    show("kilo", kilo && `· ${kilo}`);
  };
  const draw = () => {
    show("title", box("title").value);
    if (box("price")) drawPrice(); // goods with sizes have a price for each, on a page of their own
    const ward = box("ward_code");
    if (ward && ward.selectedOptions) show("ward", ward.selectedOptions[0] ? ward.selectedOptions[0].text : "");
  };
  form.addEventListener("input", draw);
  form.addEventListener("change", draw);
  if (box("price")) box("price").addEventListener("blur", () => {
    const price = amount(box("price").value);
    if (/^[\d.\s]+$/.test(box("price").value) && price) box("price").value = price.toLocaleString("de");
  });
  form.querySelectorAll("[data-unit]").forEach((btn) => btn.addEventListener("click", () => {
    box("unit_vi").value = btn.dataset.unit;
    if (btn.dataset.grams) box("net_weight_g").value = btn.dataset.grams === "1000" ? "1 kg" : `${btn.dataset.grams} g`;
    draw();
    later();
  }));
  form.querySelectorAll("[data-months]").forEach((btn) => btn.addEventListener("click", () => {
    form.querySelectorAll("input[name=season]").forEach((tick) => { tick.checked = btn.dataset.months === "all"; });
    later();
  }));

  // -- Pictures ------------------------------------------------------------------------------------------------------
  const shots = $("[data-shots]");
  const put = (html) => {
    shots.innerHTML = html;
    const first = shots.querySelector("[data-first]");
    const card = $("[data-preview-card]");
    const old = card.querySelector(".card__pic");
    if (first && old) {
      const pic = Object.assign(document.createElement("img"), { className: "card__pic", src: first.src, alt: "" });
      old.replaceWith(pic);
    }
    $(".photo").classList.toggle("photo--more", Boolean(first));
  };
  shots.addEventListener("click", async (event) => {
    const btn = event.target.closest("button[name=photo]");
    if (!btn || !form.dataset.photos) return;
    event.preventDefault();
    const data = new FormData();
    data.set("photo", btn.value);
    try { put(await (await post(form.dataset.photos, data)).text()); } catch { tell(form.dataset.failed); }
  });

  // Smaller before it travels, when the browser can read it; the server looks at it all the same.
  const smaller = async (file) => {
    if (file.size < 400000 || !window.createImageBitmap) return file;
    try {
      const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, 2000 / Math.max(bitmap.width, bitmap.height));
      const canvas = Object.assign(document.createElement("canvas"), {
        width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale),
      });
      canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.88); });
      return blob && blob.size < file.size ? blob : file;
    } catch { return file; }
  };
  const refusal = async (answer, notice) => {
    let text = form.dataset.refused;
    try { text = (await answer.json()).error || text; } catch { /* the general words */ }
    notice.classList.add("is-bad");
    notice.querySelector("span").textContent = text;
  };
  const parts = async (plan, blob, mark) => {
    let at = 0, wait = 1000;
    while (at < blob.size) {
      try {
        const answer = await post(`${plan.chunk}?offset=${at}`, blob.slice(at, at + plan.part));
        if (answer.status === 404 || answer.status === 413) return answer;
        at = (await answer.json()).offset;
        wait = 1000;
        mark(at, form.dataset.sending);
      } catch {
        mark(at, form.dataset.retry);
        await pause(wait);
        wait = Math.min(wait * 2, 15000);
        try { at = (await (await fetch(plan.chunk, { cache: "no-store" })).json()).offset; } catch { /* still no line */ }
      }
    }
    return null;
  };
  const stubborn = async (call) => {
    for (let wait = 1000; ; wait = Math.min(wait * 2, 15000)) {
      try { return await call(); } catch { tell(form.dataset.failed); await pause(wait); }
    }
  };
  const send = async (file) => {
    const notice = document.createElement("div");
    notice.className = "upload";
    const words = document.createElement("span");
    const bar = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    notice.append(words, bar);
    $("[data-progress]").append(notice);
    const blob = await smaller(file);
    const mark = (at, text) => {
      const percent = Math.round((at / blob.size) * 100);
      bar.value = percent;
      words.textContent = text.replace("#", `${percent}%`);
    };
    mark(0, form.dataset.sending);
    while (!form.dataset.start) if (!(await save())) await pause(3000);
    const data = new FormData();
    data.set("size", blob.size);
    const begun = await stubborn(() => post(form.dataset.start, data));
    if (!begun.ok) { await refusal(begun, notice); return; }
    const plan = await begun.json();
    const stopped = await parts(plan, blob, mark);
    if (stopped) { await refusal(stopped, notice); return; }
    const done = await stubborn(() => post(plan.finish, new FormData()));
    if (!done.ok) { await refusal(done, notice); return; }
    put(await done.text());
    notice.remove();
  };
  const picker = box("photos");
  let queue = Promise.resolve();
  picker.addEventListener("change", () => {
    [...picker.files].forEach((file) => { queue = queue.then(() => send(file)); });
    picker.value = "";
  });
})();
