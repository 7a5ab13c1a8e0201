import { type ChangeCounts, type DriverEvent } from "../../deploy/events";
import { logicalName } from "../../resources/resource";
import { colors } from "./style";

/** What an event of the driver says to people; empty when it is of interest to programs only. */
export function renderEvent(event: DriverEvent): string[] {
  switch (event.event) {
    case "stack-created":
      return [`created stack ${event.stack}`];
    case "pass":
      return [
        `${colors.bold(`Pass ${event.pass}`)}`,
        ...event.stacks.map(({ stack, reason }) => `  ${stack}: ${reason}`),
      ];
    case "resource":
      return [
        colors.dim(
          `    ${event.stack}  ${event.operation.padEnd(7)} ${event.type}  ${logicalName(event.urn)}`,
        ),
      ];
    case "stack": {
      const done = event.outcome === "succeeded";
      const line = `  ${event.stack} ${event.operation} ${event.outcome} in ${event.seconds.toFixed(1)} s: ${renderChanges(event.changes)}`;
      return [
        done ? line : colors.red(line),
        ...event.waitsFor.map((reason) => colors.dim(`      waits: ${reason}`)),
        ...event.errors.flatMap((error) => error.split("\n").map((text) => colors.red(`      ${text}`))),
      ];
    }
    case "locked":
      return [
        colors.red(`  ${event.stack} is locked by ${event.holder}`),
        colors.red(`      ${event.change}`),
      ];
    case "waiting-for-lock":
      return [`  ${event.stack} is locked by ${event.holder}, which still works on it: waiting for its end`];
    case "unlocked":
      return [`  ${event.stack}: removed the lock of ${event.holder}`];
    case "searching":
      return [
        `  ${event.stack}: looking for what AWS has and the state does not know, because ${event.reason}`,
      ];
    case "recovered": {
      const what = {
        imported: `took over ${event.id}, which an update had made that did not come to its end`,
        deleted: `deleted ${event.id}, which an update had made that did not come to its end`,
        forgotten: "an update had begun to make it; it does not exist",
      }[event.action];
      return [colors.yellow(`  ${event.stack} ${event.urn.split("::").slice(2).join(" ")}: ${what}`)];
    }
    case "trouble":
      return [colors.yellow(`  ${event.stack}: ${event.message}`)];
    case "proof": {
      const reachable = event.targets.filter(({ verdict }) => verdict === "reachable").length;
      const when = event.when === "before" ? "reachable now" : "reachable";
      const lost =
        event.lost.length === 0
          ? event.when === "before"
            ? "; none of them would be lost"
            : ""
          : `; ${event.when === "before" ? "would be lost" : "lost"}: ${event.lost.join(", ")}`;
      return [`${event.targets.length} targets, ${reachable} ${when}${lost}`];
    }
    case "stopping":
      return [colors.yellow(event.reason)];
  }
}

/** Counts of changes in words. */
export function renderChanges(changes: ChangeCounts): string {
  const words = { create: "created", update: "updated", replace: "replaced", delete: "deleted" } as const;
  const parts = Object.entries(words).flatMap(([key, word]) => {
    const count = changes[key as keyof typeof words] ?? 0;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return parts.length === 0 ? "no change" : parts.join(", ");
}
