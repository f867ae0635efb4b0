// Progressive steps over pages that work without them.
import { initAll } from "../vendor/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// After a refused form the summary takes the focus, so that it is read first.
document.querySelector(".govuk-error-summary")?.focus();
