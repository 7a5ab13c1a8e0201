import pc from "picocolors";
import { type Verdict } from "../../proof/proof";

/** Colours, on a terminal only and not when `NO_COLOR` is set. */
export const colors = pc.createColors(
  process.stdout.isTTY === true && (process.env.NO_COLOR ?? "") === "" && process.env.TERM !== "dumb",
);

/** A verdict's mark and word. */
export function showVerdict(verdict: Verdict): string {
  switch (verdict) {
    case "reachable":
      return colors.green("✓ reachable");
    case "blocked":
      return colors.red("✗ blocked");
    case "unknown":
      return colors.yellow("? unknown");
  }
}

/** The mark alone. */
export function showMark(verdict: Verdict): string {
  switch (verdict) {
    case "reachable":
      return colors.green("✓");
    case "blocked":
      return colors.red("✗");
    case "unknown":
      return colors.yellow("?");
  }
}
