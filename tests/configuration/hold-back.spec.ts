import assert from "node:assert/strict";
import { type DeployedGateway, holdBack } from "../../configuration/hold-back";
import { type GatewayPlan, type PlannedTarget } from "../../configuration/plan-gateway";

function target(name: string, provider: string, balancer?: string): PlannedTarget {
  return { name, provider, ...(balancer === undefined ? {} : { balancer }) } as PlannedTarget;
}

function plan(announced: GatewayPlan["announced"], targets: PlannedTarget[]): GatewayPlan {
  return { announced, balancers: announced, targets } as GatewayPlan;
}

const main = { a: "10.0.0.10", b: "10.0.2.10" };
const blue = { a: "10.0.0.11", b: "10.0.2.11" };
const deployed: DeployedGateway = { balancers: { main }, placements: { orders: "main", cards: "main" } };

describe("holding back what a provider does not admit", () => {
  it("lets a first deployment have every node and target at once", () => {
    const planned = plan({ main }, [target("orders", "shop", "main")]);
    const held = holdBack(planned, undefined, {}, "gw");
    assert.deepEqual(held, { plan: planned, waitingFor: [], problems: [] });
  });

  it("says who must admit the balancer of a target that is new, unless the provider has not accepted yet", () => {
    const planned = plan({ main, rates: blue }, [target("rates", "shop")]);
    const held = holdBack(planned, deployed, { shop: Object.values(main) }, "gw");
    assert.deepEqual(held.plan, planned);
    assert.deepEqual(held.waitingFor, [
      'provider "shop" admits 10.0.0.11, 10.0.2.11: run pulumi up in its stack after this one, and balancer "rates" reaches target "rates"',
    ]);
    const both = [...Object.values(main), ...Object.values(blue)];
    assert.deepEqual(holdBack(planned, deployed, { shop: both }, "gw").waitingFor, []);
    assert.deepEqual(holdBack(planned, deployed, { shop: [] }, "gw").waitingFor, []);
  });

  it("leaves a target on its balancer until its provider admits all addresses of the other one", () => {
    const planned = plan({ main, blue }, [target("orders", "shop", "blue"), target("cards", "old", "blue")]);
    const admitted = { shop: [...Object.values(main), "10.0.0.11"], old: ["10.0.0.11", "10.0.2.11"] };
    const held = holdBack(planned, deployed, admitted, "gw");
    assert.deepEqual(
      held.plan.targets.map(({ name, balancer }) => [name, balancer]),
      [
        ["orders", "main"],
        ["cards", "blue"],
      ],
    );
    assert.deepEqual(held.plan.balancers, { main, blue });
    assert.deepEqual(held.waitingFor, [
      'provider "shop" admits 10.0.2.11: run pulumi up in its stack, then here again, and target "orders" moves from balancer "main" to "blue"',
    ]);
    assert.deepEqual(held.problems, []);
  });

  it("leaves a target on the shared balancer until the addresses of its own one are admitted", () => {
    const planned = plan({ main, orders: blue }, [target("orders", "shop")]);
    assert.equal(holdBack(planned, deployed, { shop: [] }, "gw").plan.targets[0]?.balancer, "main");
    const admitted = { shop: Object.values(blue) };
    assert.equal(holdBack(planned, deployed, admitted, "gw").plan.targets[0]?.balancer, undefined);
  });

  it("keeps a balancer that has left the configuration until its last target has moved", () => {
    const planned = plan({ blue }, [target("orders", "shop", "blue")]);
    const waiting = holdBack(planned, deployed, { shop: Object.values(main) }, "gw");
    assert.deepEqual(waiting.problems, []);
    assert.equal(waiting.plan.targets[0]?.balancer, "main");
    assert.deepEqual(waiting.plan.announced, { blue, main });
    assert.deepEqual(waiting.plan.balancers, { blue, main });
    assert.equal(waiting.waitingFor.length, 1);
    const all = [...Object.values(main), ...Object.values(blue)];
    const moved = holdBack(planned, deployed, { shop: all }, "gw");
    assert.equal(moved.plan.targets[0]?.balancer, "blue");
    assert.deepEqual(moved.plan.balancers, { blue });
    assert.deepEqual(moved.plan.announced, { blue });
  });

  it("keeps a target's own balancer in the same way", () => {
    const before = { balancers: { main, orders: blue }, placements: { orders: "orders" } };
    const planned = plan({ main }, [target("orders", "shop", "main")]);
    const waiting = holdBack(planned, before, { shop: Object.values(blue) }, "gw");
    assert.equal(waiting.plan.targets[0]?.balancer, undefined);
    assert.deepEqual(waiting.plan.balancers, { main, orders: blue });
  });

  it("refuses a new balancer at an address of one that leaves, admitted or not", () => {
    const planned = plan({ green: main }, [target("orders", "shop", "green")]);
    for (const shop of [[], Object.values(main)]) {
      const held = holdBack(planned, deployed, { shop }, "gw");
      assert.deepEqual(
        held.problems.map(({ where, value }) => [where, value]),
        Object.values(main).map((address) => ["gw:balancers.green", address]),
      );
    }
  });

  it("gives a balancer in use a node in another zone once every provider with a target on it admits the address", () => {
    const wider = { main: { ...main, c: "10.0.4.10" } };
    const targets = [target("orders", "shop", "main"), target("cards", "old", "main")];
    const before = Object.values(main);
    const all = [...before, "10.0.4.10"];
    const waiting = holdBack(plan(wider, targets), deployed, { shop: all, old: before }, "gw");
    assert.deepEqual(waiting.plan.balancers, { main });
    assert.deepEqual(waiting.plan.announced, wider);
    assert.deepEqual(waiting.waitingFor, [
      'provider "old" admits 10.0.4.10: run pulumi up there, then here again, and balancer "main" gets its node in c',
    ]);
    const ready = holdBack(plan(wider, targets), deployed, { shop: all, old: all }, "gw");
    assert.deepEqual(ready.plan.balancers, wider);
    assert.deepEqual(ready.waitingFor, []);
  });
});
