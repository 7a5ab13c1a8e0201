/** What is asked of AWS in one call of the provider. */
export interface Call {
  /** Position among the calls that change something, counted from 1; 0 for a call that only looks. */
  index: number;
  operation: "create" | "update" | "delete" | "read" | "invoke";
  /** Pulumi type token of the resource, or token of the data source. */
  type: string;
  /** The stack resource; empty for a data source. */
  urn: string;
  account: string;
  region: string;
}

/** A failure on demand: which calls fail, and when. */
export interface Fault {
  /** The call with this index fails. Absent: any. */
  index?: number;
  /** Calls of this resource type fail. Absent: any. */
  type?: string;
  /** Calls of this kind fail. Absent: any that changes something. */
  operation?: Call["operation"];
  /** True when AWS does what was asked and only the answer is lost. Defaults to false. */
  afterEffect?: boolean;
  /** How often it fails. Defaults to once. */
  times?: number;
  /** AWS's error code. Defaults to `InternalFailure`. */
  code?: string;
}

/** Decides for each call whether it fails, and counts what has failed. */
export class Faults {
  private readonly left = new Map<Fault, number>();

  constructor(faults: readonly Fault[] = []) {
    for (const fault of faults) this.add(fault);
  }

  add(fault: Fault): void {
    this.left.set(fault, fault.times ?? 1);
  }

  /** Forgets all failures that have not come about. */
  clear(): void {
    this.left.clear();
  }

  /** The failure that this call meets, used up by that; undefined when the call goes well. */
  meet(call: Call): Fault | undefined {
    for (const [fault, left] of this.left) {
      if (left === 0 || !matches(fault, call)) continue;
      this.left.set(fault, left - 1);
      return fault;
    }
    return undefined;
  }
}

function matches({ index, type, operation }: Fault, call: Call): boolean {
  if (index !== undefined && index !== call.index) return false;
  if (type !== undefined && type !== call.type) return false;
  return operation === undefined ? call.index > 0 : operation === call.operation;
}
