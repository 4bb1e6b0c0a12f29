import { testVerdicts } from "../../fuzz/ci.ts";

testVerdicts(
  "update",
  "an update is refused only for traffic, a text or a sum that the old object lacked",
);
