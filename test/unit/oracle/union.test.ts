import { testVerdicts } from "../../fuzz/ci.ts";

testVerdicts("union", "engine and oracle agree on every networkPolicy beside its neighbours");
