import assert from "node:assert/strict";
import fc from "fast-check";
import { derivedListenerPort, listenerProblems } from "../../components/listener-port";

const claim = (target: string, port: number, balancer = "main", configured = false) => ({
  target,
  balancer,
  port,
  configured,
});

describe("listener ports", () => {
  it("derived from a name lie from 10000 to 59999", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const port = derivedListenerPort(name);
        assert.ok(Number.isInteger(port) && port >= 10_000 && port <= 59_999);
      }),
    );
  });

  it("may repeat on different balancers only", () => {
    assert.deepEqual(listenerProblems([claim("a", 80), claim("b", 80, "other"), claim("c", 81)]), []);
    const [problem, ...others] = listenerProblems([claim("b", 80, "main", true), claim("a", 80)]);
    assert.deepEqual(others, []);
    assert.deepEqual(problem, {
      where: "targets.b.listenerPort",
      what: 'is the listener port of target "a", too, on balancer "main"',
      value: "80 (configured)",
      allowed: "a port of its own for each target of a balancer",
      change: 'configure another listenerPort for "b" or "a"',
    });
  });

  it("are blamed on the same target whatever the order", () => {
    const claims = [claim("a", 80), claim("b", 80), claim("c", 80)];
    assert.deepEqual(listenerProblems([...claims].reverse()), listenerProblems(claims));
    assert.deepEqual(
      listenerProblems(claims).map(({ where, value }) => [where, value]),
      [
        ["targets.b.listenerPort", "80 (derived from the name)"],
        ["targets.c.listenerPort", "80 (derived from the name)"],
      ],
    );
  });

  it("are at most fifty on one balancer", () => {
    const claims = Array.from({ length: 51 }, (_, index) => claim(`t${index}`, 1000 + index));
    assert.deepEqual(listenerProblems(claims.slice(1)), []);
    assert.deepEqual(
      listenerProblems(claims).map(({ where, value, allowed }) => [where, value, allowed]),
      [["balancers.main", "51", "at most 50"]],
    );
  });
});
