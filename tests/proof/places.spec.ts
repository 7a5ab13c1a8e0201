import assert from "node:assert/strict";
import { prove } from "../../proof/prove";
import type { StackResources } from "../../resources/resource";
import type { Change } from "./changes";
import { declare } from "./declare";
import { find, landscape, set } from "./landscape";

const ROUTE = "aws:ec2/route:Route";
const OWNER = { AWS: "arn:aws:iam::444444444444:role/caller" };
const STATEMENT = { Action: "execute-api:Invoke", Resource: "execute-api:/*" };

function longerRoute(destination: string, connection: string): Change {
  return (stacks) =>
    void declare(stacks, 0, ROUTE, "r-longer", {
      routeTableId: "rtb-subnet-g1",
      destinationCidrBlock: destination,
      vpcPeeringConnectionId: connection,
    });
}

/** Registers the ledger at an address of a VPC that only the payments VPC is connected with. */
function behindPayments(stacks: StackResources[]): void {
  declare(stacks, 1, "aws:ec2/vpc:Vpc", "vpc-far", { cidrBlock: "10.9.0.0/16" });
  set(stacks, "TargetGroupAttachment", "ledger-10.6.1.5", { targetId: "10.9.1.5" });
  for (const table of ["rtb-subnet-g1", "rtb-subnet-g2"])
    declare(stacks, 0, ROUTE, `r-far-${table}`, {
      routeTableId: table,
      destinationCidrBlock: "10.9.0.0/16",
      vpcPeeringConnectionId: "pcx-payments",
    });
}

// prettier-ignore
const ROWS: [title: string, change: Change, target: string, code: string, place: [type: string, name: string], fix: string][] = [
  ["a longer route leads to another provider", longerRoute("10.2.1.20/32", "pcx-payments"), "cards", "CANNOT_ROUTE", ["Route", "r-longer"], "route 10.2.0.0/16 through pcx-cards, and nothing longer elsewhere"],
  ["a target lies behind a second connection", behindPayments, "ledger", "CANNOT_ROUTE", ["Route", "r-far-rtb-subnet-g1"], "connect vpc-gateway with vpc-far itself, and route 10.9.1.5 through that connection"],
  ["the accepter shows that the connection is deleted", (s) => set(s, "VpcPeeringConnectionAccepter", "gateway", { acceptStatus: "deleted" }), "ledger", "BAD_STATE", ["VpcPeeringConnectionAccepter", "gateway"], "request the connection again, or remove the route to it"],
  ["client addresses are preserved towards a balancer", (s) => set(s, "TargetGroup", "payments", { preserveClientIp: "true" }), "payments", "CLIENT_IP_PRESERVATION", ["TargetGroup", "payments"], "switch preserveClientIp off for payments"],
  ["the policy denies those whom it allows", (s) => {
    set(s, "Method", "legacy", { authorization: "AWS_IAM" });
    set(s, "RestApi", "tree", { policy: JSON.stringify({ Statement: [{ ...STATEMENT, Effect: "Allow", Principal: OWNER }, { ...STATEMENT, Effect: "Deny", Principal: OWNER }] }) });
  }, "legacy", "NOT_AUTHORIZED", ["RestApi", "tree"], "remove the Deny statement, or narrow it"],
];

describe("where the proof says that something must be mended", () => {
  for (const [title, change, name, code, [type, resource], fix] of ROWS) {
    it(`is the ${type} when ${title}`, () => {
      const stacks = landscape();
      change(stacks);
      const target = prove(stacks).targets.find((entry) => entry.name === name);
      const finding = target?.findings.find((entry) => entry.code === code);
      assert.deepEqual([finding?.resource, finding?.fix], [find(stacks, type, resource).urn, fix]);
    });
  }
});
