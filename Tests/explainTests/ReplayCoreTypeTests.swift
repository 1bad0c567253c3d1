import FileIO
import Foundation
import RationaleTestSupport
import Testing

/// Decisions and replays do not depend on which kernels a BLAS library would choose.
///
/// OpenBLAS gives other last bits on another core type (`OPENBLAS_CORETYPE`); nothing here asks it.
@Suite struct ReplayCoreTypeTests {
  private static let coreTypes = ["Sandybridge", "Haswell", "SkylakeX"]

  private func run(_ arguments: [String], coreType: String) throws -> CommandLineRun {
    try CommandLineRun(
      arguments, environment: ["LANG": "C.UTF-8", "OPENBLAS_CORETYPE": coreType])
  }

  @Test func `bodies are the same under every core type, and replay under every other`() throws {
    let directory = try TemporaryDirectory()
    let rows = try directory.write(
      "rows.csv",
      "enterprise.id,enterprise.employees,average,currencies,invoices\n"
        + (1...200).map {
          "\($0),\($0 * 3 % 400 + 1),\($0 * 7919 % 200_000)/7,\($0 % 8),\($0 * 3)\n"
        }
        .joined())
    let rules = ProjectFiles.path("rules/premium-offer.rules")
    var segments: [[UInt8]] = []
    for coreType in Self.coreTypes {
      let log = directory.file(coreType)
      let decided = try run(
        ["decide", rules, "--rows", rows, "--as-of", "2021-02-01", "--log", log],
        coreType: coreType)
      #expect(decided.exitCode == 0, "\(decided.errors)")
      segments.append(Array(decided.output.utf8))
      for other in Self.coreTypes {
        let replayed = try run(["replay", "--all", "--log", log], coreType: other)
        #expect(replayed.exitCode == 0)
        #expect(replayed.output == "replayed 400 traces: 400 equal\n")
      }
    }
    #expect(segments.allSatisfy { $0 == segments[0] })
  }

  @Test func `the program links no BLAS`() throws {
    let program = try CommandLineRun.programPath()
    let bytes = Data(try WholeFile.read(program))
    for name in ["libopenblas", "libblas", "libcblas", "libmkl", "cblas_dgemm", "openblas_"] {
      #expect(bytes.range(of: Data(name.utf8)) == nil, "\(name)")
    }
  }
}
