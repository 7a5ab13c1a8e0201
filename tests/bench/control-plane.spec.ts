import assert from "node:assert/strict";
import { benchSettings } from "../../bench/bench-settings";
import { bankResources, compareControlPlane, drawControlPlane } from "../../bench/control-plane";
import { withPlainApi } from "../../bench/plain-api";
import { rehearseSide } from "../../bench/rehearse-side";
import { deploymentCost, type DeploymentCost } from "../../rehearsal/aws/control-plane/shortest-deployment";

function gatewayCalls({ byService }: DeploymentCost): number {
  return (byService.apigateway ?? 0) + (byService.apigatewayv2 ?? 0);
}

describe("the benchmark of API calls", () => {
  it("Fifty targets cost as many calls and as much time as worked out by hand", async () => {
    const [, row] = await compareControlPlane();
    assert.ok(row);
    // Link 3, API 5, deployment 2, stage 3, its settings 2.
    assert.equal(gatewayCalls(row.ours), 15);
    // The API without a document 3 instead of 5; each target two resources, methods and integrations with two calls each.
    assert.equal(gatewayCalls(row.plain), 13 + 50 * 12);
    // Balancer 10; each target 7 for its group, 4 for its listener, 1 for its address.
    assert.equal(row.ours.byService.elasticloadbalancing, 10 + 50 * 12);
    assert.equal(row.plain.byService.elasticloadbalancing, 10 + 50 * 12);
    // Both services let 40 calls through at once and 10 a second: (613 - 40) / 10 and (610 - 40) / 10.
    assert.deepEqual([row.plain.seconds, row.plain.heldUpBy], [57.3, "apigateway: all actions"]);
    assert.deepEqual([row.ours.seconds, row.ours.heldUpBy], [57, "elasticloadbalancing: all actions"]);
    assert.deepEqual([row.plain.apiGatewaySeconds, row.ours.apiGatewaySeconds], [57.3, 0]);
  });

  it("An imported API becomes the tree that the plain landscape has", async () => {
    const settings = benchSettings(7, 1);
    const plain = deploymentCost(await rehearseSide("plain", settings));
    const expanded = deploymentCost(withPlainApi(await rehearseSide("components", settings)));
    assert.equal(gatewayCalls(expanded), gatewayCalls(plain));
    assert.equal(expanded.byService.elasticloadbalancing, plain.byService.elasticloadbalancing);
  });

  it("The bank's API costs as many calls as worked out by hand", async () => {
    const resources = await bankResources();
    const ours = deploymentCost(resources);
    const plain = deploymentCost(withPlainApi(resources));
    // Link 3, API 5, deployment 2, stage 3, its settings 2, the account's role 2.
    assert.equal(gatewayCalls(ours), 17);
    // API 3 instead of 5; 19 resources with 2 calls each; 23 operations with a method and an integration.
    assert.equal(gatewayCalls(plain), 15 + 19 * 2 + 23 * 4);
    assert.deepEqual([ours.uncounted, plain.uncounted], [[], []]);
  });

  it("The table has a line for each figure of each landscape", async () => {
    const text = drawControlPlane(await compareControlPlane());
    assert.match(text, /50 targets.*calls of API Gateway.*613.*15/);
    assert.match(text, /the bank.*held up by/);
  });
});
