import { z } from "zod";

const texts = z.array(z.string()).catch([]);
const counts = z.record(z.string(), z.number()).catch({});
const verdict = z.enum(["reachable", "blocked", "unknown"]);

const stackRun = z.object({
  stack: z.string(),
  operation: z.string(),
  outcome: z.string(),
  changes: counts,
  seconds: z.number().catch(0),
  waitsFor: texts,
  errors: texts,
});

const finding = z.object({
  code: z.string(),
  resource: z.string().catch(""),
  message: z.string(),
  fix: z.string().catch(""),
});

const target = z.object({
  name: z.string(),
  path: z.string().catch(""),
  verdict,
  findings: z.array(finding).catch([]),
});

const known = {
  "stack-created": z.object({ event: z.literal("stack-created"), stack: z.string() }),
  pass: z.object({
    event: z.literal("pass"),
    pass: z.number(),
    stacks: z.array(z.object({ stack: z.string(), reason: z.string() })),
  }),
  resource: z.object({
    event: z.literal("resource"),
    stack: z.string(),
    operation: z.string(),
    type: z.string(),
    urn: z.string(),
  }),
  stack: stackRun.extend({ event: z.literal("stack") }),
  locked: z.object({
    event: z.literal("locked"),
    stack: z.string(),
    holder: z.string(),
    change: z.string(),
  }),
  unlocked: z.object({ event: z.literal("unlocked"), stack: z.string(), holder: z.string() }),
  recovered: z.object({
    event: z.literal("recovered"),
    stack: z.string(),
    urn: z.string(),
    id: z.string(),
    action: z.string(),
  }),
  proof: z.object({
    event: z.literal("proof"),
    when: z.enum(["before", "after"]),
    targets: z.array(z.object({ name: z.string(), verdict })),
    lost: texts,
  }),
  stopping: z.object({ event: z.literal("stopping"), reason: z.string() }),
  summary: z.object({
    event: z.literal("summary"),
    command: z.string(),
    simulated: z.boolean().catch(false),
    complete: z.boolean(),
    passes: z.number().catch(0),
    proof: z.object({ targets: z.array(target), findings: z.array(finding).catch([]) }),
    lost: texts,
    changed: z
      .array(z.object({ project: z.string(), stack: z.string(), resource: z.string(), change: z.string() }))
      .optional()
      .catch(undefined),
    url: z.string().optional().catch(undefined),
  }),
} as const;

const refusal = z.object({
  error: z.string(),
  problems: z
    .array(
      z.object({
        where: z.string(),
        what: z.string(),
        value: z.string().optional(),
        allowed: z.string().catch(""),
        change: z.string().catch(""),
      }),
    )
    .catch([]),
});

type Known = { [K in keyof typeof known]: z.infer<(typeof known)[K]> };
export type RecordedEvent = Known[Exclude<keyof Known, "summary">];
export type RecordedSummary = Known["summary"];
export type RecordedFinding = z.infer<typeof finding>;

/** What one run of a command on deployed stacks has told with `--json`. */
export interface RunRecord {
  events: RecordedEvent[];
  /** The last line of a run that came to its end. */
  summary?: RecordedSummary;
  /** The last line of a run that was refused. */
  refusal?: z.infer<typeof refusal>;
  /** Lines that are no event: text of another program, or the half line at which a run was cut off. */
  unreadable: number;
}

/**
 * Reads the lines of `--json`, whatever has become of them: a run that is killed leaves a file that ends anywhere, a later
 * version tells of events that are not known here, and a wrapper may have written something of its own between them.
 */
export function readRunRecord(text: string): RunRecord {
  const record: RunRecord = { events: [], unreadable: 0 };
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === "") continue;
    const value = parse(line);
    const refused = refusal.safeParse(value);
    if (refused.success) {
      record.refusal = refused.data;
      continue;
    }
    const name = nameOf(value);
    if (name === undefined) record.unreadable += 1;
    else if (Object.hasOwn(known, name)) take(record, known[name as keyof Known].safeParse(value));
  }
  return record;
}

function take(record: RunRecord, read: z.ZodSafeParseResult<RecordedEvent | RecordedSummary>): void {
  if (!read.success) record.unreadable += 1;
  else if (read.data.event === "summary") record.summary = read.data;
  else record.events.push(read.data);
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { event } = value as { event?: unknown };
  return typeof event === "string" ? event : undefined;
}

/** Events of one kind. */
export function eventsOf<K extends RecordedEvent["event"]>(
  { events }: RunRecord,
  kind: K,
): Extract<RecordedEvent, { event: K }>[] {
  return events.filter((event): event is Extract<RecordedEvent, { event: K }> => event.event === kind);
}

/** Number of resources that the run has changed, or for a refresh found changed. */
export function changedResources(record: RunRecord): number {
  return eventsOf(record, "stack")
    .flatMap(({ changes }) => ["create", "update", "replace", "delete"].map((kind) => changes[kind] ?? 0))
    .reduce((sum, count) => sum + count, 0);
}
