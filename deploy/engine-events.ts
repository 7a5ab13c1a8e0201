import { type EngineEvent } from "@pulumi/pulumi/automation";

/** What the engine does with one resource. */
export interface ResourceStep {
  urn: string;
  type: string;
  operation: "create" | "update" | "replace" | "delete" | "read" | "import" | "same" | "refresh";
}

const operations: Record<string, ResourceStep["operation"]> = {
  create: "create",
  "create-replacement": "replace",
  update: "update",
  delete: "delete",
  "delete-replaced": "delete",
  read: "read",
  "read-replacement": "read",
  refresh: "refresh",
  import: "import",
  "import-replacement": "import",
  same: "same",
};

/** The step of which an event tells that it is done, or in a preview that it would be; undefined for other events. */
export function finishedStep(event: EngineEvent, preview: boolean): ResourceStep | undefined {
  const metadata = (preview ? event.resourcePreEvent : event.resOutputsEvent)?.metadata;
  if (metadata === undefined) return undefined;
  const operation = operations[metadata.op];
  return operation === undefined ? undefined : { urn: metadata.urn, type: metadata.type, operation };
}

/** What an event says to people that has gone wrong; undefined for other events. */
export function errorOf(event: EngineEvent): string | undefined {
  const diagnostic = event.diagnosticEvent;
  return diagnostic?.severity === "error" ? plainText(diagnostic.message) : undefined;
}

/** Text without the engine's markers for colours and the terminal's own. */
function plainText(text: string): string {
  return text.replace(/<\{%[^%]*%\}>|\u001b\[[0-9;]*m/g, "").trim();
}
