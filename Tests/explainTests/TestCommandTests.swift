import RationaleTestSupport
import ReferenceData
import Testing

/// `explain test`, run as a user runs it.
@Suite struct TestCommandTests {
  private let directory: TemporaryDirectory

  private static let examples = "e.size,size,d,by\n49,S,small,otherwise\n50,L,small,otherwise\n"

  init() throws {
    directory = try TemporaryDirectory()
    _ = try directory.write("sizes.csv", Self.examples)
    let digest = try ReferenceFile(path: directory.file("sizes.csv")).digest
    _ = try directory.write(
      "sizes.rules",
      """
      ruleset sizes version 1 {
        owner "Tests"
      }
      input e from "es" {
        id    text  key
        size  int   in 1 ... 1_000
      }
      scale Size: S < M < L
      rank size: Size by e.size {
        S below 50
        M below 60
        L otherwise
      }
      decision d: text hit first {
        rule large reason A-1 when size > S then "large"
        otherwise reason A-2 then "small"
      }
      test "the \\"large\\"" {
        given e.size = 70
        expect d = "large" by large
      }
      examples from "sizes.csv" sha256 "\(digest)"
      """)
  }

  @Test func `examples that fail are shown at the line of their file`() throws {
    let run = try CommandLineRun(["test", directory.file("sizes.rules")])
    #expect(run.exitCode == 1)
    #expect(run.output.contains("sizes.csv:3:4"))
    #expect(run.output.contains("size is M"))
    #expect(run.output.contains("sizes.csv:3:6"))
    #expect(run.output.contains("3 tests, 1 failed"))
  }

  @Test func `a faulty ruleset is not said to have passed`() throws {
    let faulty = try directory.write("faulty.rules", "ruleset faulty version 1 {\n}\nlet a = b\n")
    let run = try CommandLineRun(["test", faulty])
    #expect(run.exitCode == 1)
    #expect(run.output.contains("1 ruleset is faulty and was not tested"))
  }

  @Test func `with --json every test and the coverage are printed`() throws {
    let run = try CommandLineRun(["test", "--json", directory.file("sizes.rules")])
    #expect(run.exitCode == 1)
    let lines = run.output.split(separator: "\n").map(String.init)
    let csv = directory.file("sizes.csv")
    #expect(lines.count == 12)
    guard lines.count == 12 else { return }
    #expect(
      lines[2]
        == #"    {"ruleset": "sizes", "name": "the \"large\"", "passed": true, "failures": []},"#)
    #expect(
      lines[3]
        == #"    {"ruleset": "sizes", "name": "\#(csv), line 2", "passed": true, "failures": []},"#)
    #expect(
      lines[4].hasPrefix(
        #"    {"ruleset": "sizes", "name": "\#(csv), line 3", "passed": false, "#
          + #""failures": [{"code": "V1", "severity": "error""#))
    #expect(lines[7] == #"    "rules": {"reached": ["d.large", "d.otherwise"], "missed": []},"#)
    #expect(
      lines[8] == #"    "cutPoints": {"reached": ["size.M", "size.L"], "missed": []},"#)
    #expect(lines[9] == #"    "cells": {"reached": [], "missed": []}"#)
  }
}
