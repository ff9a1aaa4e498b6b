// The first page: what every page does, and what is there for this person this week.

import "./page.mjs";
import { phone } from "../lms/record.mjs";
import "../courses/kept.mjs";
import "../lms/mine.mjs"; // for page.mjs, in one breath with the rest
import { showNew, showWeek } from "../lms/home.mjs";

const lessons = JSON.parse(document.getElementById("lessons").textContent);
phone().then((log) => Promise.all([showWeek(document, log, lessons), showNew(document, log, lessons)]), () => null);
