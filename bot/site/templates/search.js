(() => {
  const form = document.getElementById("search");
  const field = form.querySelector("input");
  const told = form.querySelector("[role=status]");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const chats = [...document.querySelectorAll(".list > li")].map((item) => [item, plain(item.textContent)]);
  const parts = [...document.querySelectorAll("main > section")];
  const look = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const [item, text] of chats) {
      item.hidden = !words.every((word) => text.includes(word));
      found += !item.hidden;
    }
    for (const part of parts) part.hidden = !part.querySelector(".list > li:not([hidden])");
    told.textContent = words.length ? form.dataset.found.replace("{found}", found).replace("{all}", chats.length) : "";
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", look);
  form.hidden = false;
  look();
})();
