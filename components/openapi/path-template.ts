/** One part of a path between two slashes. */
export interface PathPart {
  /** The text, or the variable's name without braces and plus sign. */
  text: string;
  kind: "text" | "variable" | "greedy";
}

/** What is wrong with a path that API Gateway would not take: sentence, what is allowed, what to change. */
export interface PathFault {
  what: string;
  allowed: string;
  change: string;
}

/**
 * Longest request line, query string and headers together, in bytes: page "Quotas for configuring and running a REST API".
 * A longer path could be deployed but never called.
 */
const longestPath = 10_240;

/**
 * True for a path part that API Gateway takes as plain text ("Resource's path part only allow a-zA-Z0-9._-:") and that
 * arrives: callers resolve `.` and `..` before they send a request (RFC 3986, section 5.2.4).
 */
export function isPlainPart(part: string): boolean {
  return /^[a-zA-Z0-9._:-]+$/.test(part) && part !== "." && part !== "..";
}

/**
 * Splits a path of an OpenAPI document into parts, or says why API Gateway would refuse it. `/` has no parts.
 * A variable's name keeps only the characters that a parameter mapping accepts, others become underscores: names are
 * positions here, and the document's own name stays known to the caller.
 */
export function parsePath(path: string): { parts: PathPart[]; names: string[] } | { fault: PathFault } {
  if (!path.startsWith("/")) {
    return refuse(
      "the path does not start with a slash",
      "a path that starts with /",
      "write the path with a slash in front",
    );
  }
  if (path.length > longestPath) {
    return refuse(
      `the path has ${path.length} characters`,
      `at most ${longestPath} characters`,
      "shorten the path",
    );
  }
  const parts: PathPart[] = [];
  const names: string[] = [];
  const texts = path === "/" ? [] : path.slice(1).split("/");
  for (const [index, text] of texts.entries()) {
    if (text === "") {
      const what =
        index === texts.length - 1 ? "the path ends with a slash" : "the path has two slashes in a row";
      return refuse(
        what,
        "single slashes between parts, none at the end",
        "remove the slash, in the service too",
      );
    }
    const variable = /^\{([^{}+]+)(\+?)\}$/.exec(text);
    if (variable?.[1] !== undefined) {
      const greedy = variable[2] === "+";
      if (greedy && index < texts.length - 1) {
        return refuse(
          `the greedy variable ${text} is not at the end`,
          "a greedy variable as the last part",
          "end the path with it",
        );
      }
      if (names.includes(variable[1])) {
        return refuse(
          `the variable ${text} occurs twice`,
          "each variable once",
          "give the second one another name",
        );
      }
      names.push(variable[1]);
      parts.push({
        text: variable[1].replace(/[^a-zA-Z0-9._-]/g, "_"),
        kind: greedy ? "greedy" : "variable",
      });
    } else if (/[{}]/.test(text)) {
      return refuse(
        `the part ${text} mixes text and a variable`,
        "a part that is all text or all variable",
        "make the whole part one variable, and let the service split it",
      );
    } else if (!isPlainPart(text)) {
      return refuse(
        text === "." || text === ".."
          ? `the part ${text} never arrives, because callers resolve it`
          : `the part ${text} has characters that API Gateway does not take`,
        "letters, digits and . _ : -, other than . and .. alone",
        "rename the part, or make it a variable",
      );
    } else {
      parts.push({ text, kind: "text" });
    }
  }
  return { parts, names };
}

/** The path as written with its parts: variables in braces, greedy ones with a plus sign unless `atTarget`. */
export function formatPath(parts: readonly PathPart[], atTarget = false): string {
  const texts = parts.map(({ text, kind }) => {
    if (kind === "text") return text;
    return kind === "greedy" && !atTarget ? `{${text}+}` : `{${text}}`;
  });
  return `/${texts.join("/")}`;
}

function refuse(what: string, allowed: string, change: string): { fault: PathFault } {
  return { fault: { what, allowed, change } };
}
