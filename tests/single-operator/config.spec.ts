import assert from "node:assert/strict";
import { Collector } from "../../common/collector";
import { readSingleOperatorConfig } from "../../single-operator/config";
import { gatewaySettings, oldSettings, type Settings } from "../support/landscape";
import { without } from "../support/questions";

function read(gateway: unknown, providers: unknown, more: Record<string, string> = {}) {
  const collector = new Collector();
  const raw = { "all:gateway": JSON.stringify(gateway), "all:providers": JSON.stringify(providers), ...more };
  const config = readSingleOperatorConfig(raw, "all", collector);
  return { config, problems: collector.problems.map(({ where, value }) => [where, value]) };
}

const gateway: Settings = {
  account: "111111111111",
  region: "us-east-1",
  ...without(gatewaySettings, "providers"),
};
const old: Settings = { account: "333333333333", region: "us-east-1", ...without(oldSettings, "name") };

describe("the configuration of a single operator", () => {
  it("connects every provider of the stack, under the name it has there", () => {
    const { config, problems } = read(gateway, { old });
    assert.deepEqual(problems, []);
    assert.deepEqual(config.gateway.config.providers, { old: { resolveDns: false } });
    assert.equal(config.providers.old?.config.name, "old");
    assert.deepEqual(config.providers.old?.credentials, { account: "333333333333", region: "us-east-1" });
    assert.equal(config.providers.old?.config.account, "333333333333");
  });

  const wrong: [title: string, gateway: unknown, providers: unknown, expected: unknown[][]][] = [
    ["a key of no part", { ...gateway, stage: "x" }, {}, [["all:gateway:stage", "stage"]]],
    [
      "a provider that is not there",
      { ...gateway, providers: { shop: {} } },
      { old },
      [["all:gateway:providers.shop", "shop"]],
    ],
    [
      "the DNS option, which needs a second pass",
      { ...gateway, providers: { old: { resolveDns: true } } },
      { old },
      [["all:gateway:providers.old.resolveDns", "true"]],
    ],
    [
      "a name that the gateway bears",
      gateway,
      { gateway: old },
      [
        ["all:providers.gateway", '"gateway"'],
        ["all:providers.gateway:name", '"gateway"'],
        ["all:gateway:providers.gateway", '"gateway"'],
      ],
    ],
    ["an account of a few digits", { ...gateway, account: "1" }, {}, [["all:gateway.account", '"1"']]],
    [
      "a role that is none",
      gateway,
      { old: { ...old, assumeRoleArn: "deploy" } },
      [["all:providers.old.assumeRoleArn", '"deploy"']],
    ],
    ["a provider that is no map", gateway, { old: "x" }, [["all:providers.old", '"x"']]],
  ];
  for (const [title, gatewayMap, providers, expected] of wrong) {
    it(`refuses ${title}`, () => {
      assert.deepEqual(read(gatewayMap, providers).problems, expected);
    });
  }

  it("refuses keys besides gateway and providers, with the nearest one", () => {
    const { problems } = read(gateway, {}, { "all:provider": "{}" });
    assert.deepEqual(problems, [["all:provider", "provider"]]);
  });
});
