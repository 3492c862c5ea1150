// What is nicer with JavaScript and works without it. Each module minds its own data attribute and leaves other pages alone.
import "./file_size.js"; // before what marks a form as sent
import "./submit_once.js";
import "./selection.js";
import "./amount_echo.js";
import "./shortcuts.js";
import "./menu.js";
import "./rows.js";
import "./work.js";
