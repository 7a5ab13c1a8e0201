import assert from "node:assert/strict";
import * as path from "node:path";
import { readLandscape } from "../../landscape/landscape";
import { stackTag } from "../../ownership/tag-names";
import { prove } from "../../proof/prove";
import { rehearse, type Rehearsal } from "../../rehearsal/rehearse";
import { type Resource } from "../../resources/resource";
import { copyOf } from "../bank/stacks";
import { shortType } from "../support/questions";
import { admissible, expectDistinct, mostTags, tagsOf, withoutTags } from "./tags";

async function rehearsed(file: string, from?: Rehearsal["stacks"]): Promise<Rehearsal> {
  const { landscape } = await readLandscape(path.resolve(__dirname, "../../examples/bank", file));
  assert.ok(landscape);
  return rehearse(landscape, from);
}

/** What a stack has in AWS. */
const inAws = ({ resources }: { resources: Resource[] }) =>
  resources.filter(({ custom, external, type }) => custom && !external && type.startsWith("aws:"));

for (const file of ["landscape.yaml", "single-operator.yaml"]) {
  describe(`owner tags of the bank in ${file}`, function () {
    this.timeout(60_000);
    let bank: Rehearsal;
    before(async () => {
      bank = await rehearsed(file);
    });

    it("are on every resource but those of types without tags", () => {
      const tagless = new Set<string>();
      for (const stack of bank.stacks) {
        for (const resource of inAws(stack)) {
          const type = shortType(resource.type);
          if (withoutTags.includes(type)) {
            assert.equal(resource.inputs.tags, undefined, resource.urn);
            tagless.add(type);
          } else assert.equal(tagsOf(resource)[stackTag], `${stack.project}/${stack.stack}`, resource.urn);
        }
      }
      assert.deepEqual([...tagless].sort(), withoutTags);
    });

    it("identify one resource each: no two of a type in AWS and a stack have the same Name", () => {
      const count = expectDistinct(bank.stacks.flatMap(inAws));
      assert.ok(count > 100, `${count} resources`);
    });

    it("keep within AWS's limits, and simulated AWS gives them back", () => {
      for (const resource of bank.stacks.flatMap(inAws)) {
        const tags = tagsOf(resource);
        assert.ok(Object.keys(tags).length <= mostTags, resource.urn);
        for (const [key, value] of Object.entries(tags))
          assert.ok(admissible(key, value), `${key}=${value} of ${resource.urn}`);
        // The list form of an auto scaling group has no such output.
        if (resource.inputs.tags === undefined || Array.isArray(resource.inputs.tags)) continue;
        assert.deepEqual(resource.outputs.tagsAll, tags, resource.urn);
      }
    });

    it("come to what was deployed without them by updates in place, and decide no verdict", async () => {
      const before = copyOf(bank.stacks);
      const expected: string[] = [];
      for (const resource of before.flatMap(inAws)) {
        const tags = resource.inputs.tags as Record<string, string> | { key: string }[] | undefined;
        if (tags === undefined) continue;
        expected.push(resource.urn);
        const kept = Array.isArray(tags)
          ? tags.filter(({ key }) => key !== stackTag)
          : Object.fromEntries(Object.entries(tags).filter(([key]) => key !== stackTag));
        resource.inputs.tags = kept;
        resource.outputs.tags = kept;
        if (!Array.isArray(kept)) resource.outputs.tagsAll = kept;
      }
      assert.deepEqual(prove(before).targets, prove(bank.stacks).targets);
      const after = await rehearsed(file, before);
      assert.equal(after.converged, true);
      assert.deepEqual(
        after.changed.map(({ resource, change }) => `${change} ${resource}`).sort(),
        expected.map((urn) => `update ${urn}`).sort(),
      );
      assert.deepEqual(
        after.stacks.flatMap(inAws).map(({ id }) => id),
        bank.stacks.flatMap(inAws).map(({ id }) => id),
      );
    });
  });
}
