import assert from "node:assert/strict";
import { isPrivate } from "../../common/ipv4";
import { declared, gatewaySettings, Landscape, succeeded, upSingleOperator } from "../support/landscape";
import { type Run } from "../support/mocks";
import { shortType } from "../support/questions";

/** Rules of the run; a rule inside a group, or a rule of a kind that this test does not know, fails. */
function rulesOf(result: Run) {
  return declared(result).flatMap(({ type, name, inputs, reads }) => {
    if (/SecurityGroup:SecurityGroup$/i.test(type) && reads === undefined)
      assert.deepEqual([inputs.ingress, inputs.egress], [undefined, undefined], name);
    if (!/securitygroup|networkacl/i.test(type) || /securityGroup:SecurityGroup$/.test(type)) return [];
    assert.match(shortType(type), /^vpc\.SecurityGroup(In|E)gressRule$/);
    return [{ name, inputs }];
  });
}

describe("security group rules of all programs", () => {
  for (const version of ["V1", "V2"]) {
    it(`are never open to the world, in or out, with a ${version} link`, async () => {
      const landscape = new Landscape();
      landscape.gateway = { ...gatewaySettings, link: { version } };
      const runs = Object.values(await landscape.connect());
      runs.push(succeeded(await upSingleOperator(landscape)));
      const rules = runs.flatMap(rulesOf);
      assert.ok(rules.length >= 30, `${rules.length} rules`);
      for (const { name, inputs } of rules) {
        const { cidrIpv4, cidrIpv6, prefixListId, referencedSecurityGroupId, ipProtocol, fromPort, toPort } =
          inputs;
        assert.deepEqual([cidrIpv6, prefixListId], [undefined, undefined], name);
        if (cidrIpv4 === undefined) assert.equal(typeof referencedSecurityGroupId, "string", name);
        else {
          assert.match(cidrIpv4 as string, /^\d+\.\d+\.\d+\.\d+\/32$/, name);
          assert.ok(isPrivate(cidrIpv4 as string), name);
        }
        assert.equal(ipProtocol, "tcp", name);
        // Only the link may speak to every port, and only to the balancers' group.
        if (!name.endsWith("-from-link") || fromPort === toPort) assert.equal(fromPort, toPort, name);
        else assert.match(String(referencedSecurityGroupId), /^(gateway-main|refunds)-sg-id$/, name);
      }
    });
  }
});
