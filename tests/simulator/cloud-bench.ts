import { type Answer, Cloud, type CloudOptions } from "../../simulator/cloud";
import { gateway, type Kind, region, types } from "../rehearsal/aws/bench";

type Inputs = Record<string, unknown>;

/** A cloud with requests by short type name; the account is the gateway's unless another is given. */
export class CloudBench {
  readonly cloud: Cloud;

  constructor(options: CloudOptions = {}) {
    this.cloud = new Cloud(options);
  }

  create(kind: Kind, name: string, inputs: Inputs, account = gateway): Answer {
    return this.cloud.create({ ...about(kind, name, account), inputs });
  }

  /** The id of what a creation makes. */
  id(kind: Kind, name: string, inputs: Inputs, account = gateway): string {
    return this.create(kind, name, inputs, account).id;
  }

  update(kind: Kind, name: string, id: string, inputs: Inputs, account = gateway): Answer {
    return this.cloud.update({ ...about(kind, name, account), id, inputs });
  }

  delete(kind: Kind, id: string, account = gateway): void {
    this.cloud.delete({ ...about(kind, "deleted", account), id });
  }

  read(kind: Kind, id: string, account = gateway): Answer | undefined {
    return this.cloud.read({ ...about(kind, "read", account), id });
  }

  ask(token: string, args: Inputs = {}, account = gateway): Inputs {
    return this.cloud.invoke(token, args, { account, region });
  }

  vpc(name: string, cidrBlock = "10.0.0.0/16", account = gateway): string {
    return this.id("vpc", name, { cidrBlock }, account);
  }

  subnet(name: string, vpcId: string, cidrBlock = "10.0.0.0/24", account = gateway): string {
    return this.id("subnet", name, { vpcId, cidrBlock, availabilityZone: "us-east-1a" }, account);
  }

  /** How many things of a kind exist, in whatever account. */
  count(kind: Kind): number {
    return this.cloud.world.all(types[kind]).length;
  }
}

/** What identifies a stack's resource, and where its request is made. */
export function about(kind: Kind, name: string, account = gateway) {
  const urn = `urn:pulumi:${account}::test::${types[kind]}::${name}`;
  return { urn, type: types[kind], name, account, region };
}
