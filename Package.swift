// swift-tools-version: 6.2
import PackageDescription

// One list of targets, in dependency order; shared settings are applied at the end.

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
  name: "Rationale",
  products: [],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
  ],
  targets: [

    // What everything stands on.
    .target(name: "SourceDiagnostics"),
    .target(name: "DataFields", dependencies: ["SourceDiagnostics"]),
    .target(name: "FileIO", dependencies: ["SourceDiagnostics"]),
    .target(name: "TabularIO", dependencies: ["FileIO", "DataFields", "SourceDiagnostics"]),

    // Decisions and their traces.
    .target(name: "DecisionTrace", dependencies: ["DataFields"]),
    .target(name: "SampleData", dependencies: ["DataFields"]),

    // Tests.
    .target(
      name: "RationaleTestSupport",
      dependencies: ["FileIO", "DecisionTrace", "SourceDiagnostics", "DataFields"],
      path: "Tests/RationaleTestSupport"),
    .testTarget(name: "SourceDiagnosticsTests", dependencies: ["SourceDiagnostics"]),
    .testTarget(name: "DataFieldsTests", dependencies: ["DataFields", "RationaleTestSupport"]),
    .testTarget(
      name: "TabularIOTests",
      dependencies: [
        "TabularIO", "FileIO", "DataFields", "SourceDiagnostics", "RationaleTestSupport",
      ]),
    .testTarget(name: "SampleDataTests", dependencies: ["SampleData", "FileIO", "DataFields"]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
  ]
}
