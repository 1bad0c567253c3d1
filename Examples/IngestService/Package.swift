// swift-tools-version: 6.2
import PackageDescription

// Links the library as any other package would.
let package = Package(
  name: "IngestService",
  dependencies: [.package(name: "Rationale", path: "../..")],
  targets: [
    .executableTarget(
      name: "IngestService",
      dependencies: [.product(name: "Rationale", package: "Rationale")])
  ],
  swiftLanguageModes: [.v6]
)
