// A file that is too large is said so before it travels: <input type=file data-largest="500000000" data-too-large="…">. The server
// checks it too.
for (const input of document.querySelectorAll("input[type=file][data-largest]")) {
  const said = document.createElement("p");
  said.className = "error";
  said.role = "alert";
  input.before(said);
  const large = () => [...input.files].some((file) => file.size > Number(input.dataset.largest));
  const tell = () => {
    said.textContent = large() ? input.dataset.tooLarge : "";
  };
  input.addEventListener("change", tell);
  input.form.addEventListener(
    "submit",
    (event) => {
      if (!large()) return;
      tell();
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}
