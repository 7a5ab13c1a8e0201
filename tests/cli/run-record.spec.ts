import assert from "node:assert/strict";
import fc from "fast-check";
import { changedResources, eventsOf, readRunRecord } from "../../cli/run-record";
import { lines, runs } from "./events";

describe("the record of a run", () => {
  it("has the events, the last line and the number of changed resources", () => {
    const record = readRunRecord(lines(runs.up));
    assert.equal(record.unreadable, 0);
    assert.equal(record.events.length, runs.up.length - 1);
    assert.equal(record.summary?.command, "up");
    assert.equal(changedResources(record), 131);
  });

  it("leaves out what a later version tells, and counts what is no event", () => {
    const record = readRunRecord(
      `npm warn something\n{"event":"moon","phase":1}\n[]\n\r\n${lines(runs.calm)}`,
    );
    assert.equal(record.unreadable, 2);
    assert.equal(record.events.length, 1);
    assert.equal(record.summary?.complete, true);
  });

  it("counts events that lack what they are about", () => {
    assert.equal(readRunRecord('{"event":"stack"}\n{"event":"summary","command":"up"}\n').unreadable, 2);
  });

  it("reads every file that is cut off anywhere, and takes none of them for a whole one", () => {
    for (const events of Object.values(runs)) {
      const text = lines(events);
      fc.assert(
        fc.property(fc.nat(text.length - 2), (length) => {
          const record = readRunRecord(text.slice(0, length));
          assert.equal(record.summary, undefined);
          assert.equal(record.refusal, undefined);
          assert.ok(record.unreadable <= 1);
        }),
      );
    }
  });

  it("reads any text at all", () => {
    const anything = fc.array(fc.oneof(fc.string(), fc.json(), fc.constantFrom('{"event":"proof"}', "null")));
    fc.assert(fc.property(anything, (parts) => void readRunRecord(parts.join("\n"))));
  });

  it("gives the events of one kind", () => {
    const record = readRunRecord(lines(runs.failed));
    assert.deepEqual(
      eventsOf(record, "locked").map(({ stack }) => stack),
      ["shared-services/dev"],
    );
  });
});
