import assert from "node:assert/strict";
import { prove } from "../../proof/prove";
import type { Finding } from "../../proof/proof";
import type { Resource, StackResources } from "../../resources/resource";
import { declare } from "./declare";
import { all, landscape } from "./landscape";

/** The first cause that is found; that only a part works is a consequence. */
function cause(stacks: StackResources[]): Finding | undefined {
  return prove(stacks)
    .targets.flatMap(({ findings }) => findings)
    .find(({ severity, code }) => severity === "blocks" && code !== "PARTLY_REACHABLE");
}

function stackOf(stacks: StackResources[], id: string): 0 | 1 | 2 {
  const index = stacks.findIndex((stack) => stack.resources.some((resource) => resource.id === id));
  assert.ok(index === 0 || index === 1 || index === 2, `${id} is in no stack`);
  return index;
}

/** Does what a finding says must be done, word for word. */
function follow(stacks: StackResources[], fix: string): void {
  const route = /^add a route for (\S+) through (\S+) to (\S+)$/.exec(fix);
  if (route !== null) {
    const [, destinationCidrBlock, vpcPeeringConnectionId, routeTableId = ""] = route;
    declare(stacks, stackOf(stacks, routeTableId), "aws:ec2/route:Route", "r-new", {
      routeTableId,
      destinationCidrBlock,
      vpcPeeringConnectionId,
    });
    return;
  }
  const rule = /^add to (\S+) an (in|out)bound rule for tcp (\d+) (?:from|to) (\S+)$/.exec(fix);
  assert.ok(rule, `not a change that can be followed: ${fix}`);
  const [, securityGroupId = "", way, port, peer = ""] = rule;
  const kind = way === "in" ? "Ingress" : "Egress";
  declare(
    stacks,
    stackOf(stacks, securityGroupId),
    `aws:vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`,
    "sgr-new",
    {
      securityGroupId,
      ipProtocol: "tcp",
      fromPort: Number(port),
      toPort: Number(port),
      ...(peer.startsWith("sg-")
        ? { referencedSecurityGroupId: peer }
        : { cidrIpv4: peer.includes("/") ? peer : `${peer}/32` }),
    },
  );
}

function removable(resource: Resource): boolean {
  return /:(Route|SecurityGroup(Ingress|Egress)Rule)$/.test(resource.type);
}

describe("what the proof says must be done", () => {
  for (const { urn, type, name } of all(landscape()).filter(removable)) {
    it(`mends by one change that ${type.split(":")[2]} ${name} is gone`, () => {
      const stacks = landscape();
      for (const stack of stacks)
        stack.resources = stack.resources.filter((resource) => resource.urn !== urn);
      const found = cause(stacks);
      assert.ok(found, "nothing is blocked");
      follow(stacks, found.fix);
      assert.deepEqual(
        prove(stacks).targets.map(({ verdict }) => verdict),
        ["reachable", "reachable", "reachable", "reachable"],
      );
    });
  }
});
