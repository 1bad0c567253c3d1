// swift-tools-version: 6.2
import PackageDescription

// A package of its own: who links the library never resolves what measures it. It sees only what is
// public, as any user does, and the built `explain`.
let package = Package(
  name: "rationale-benchmarks",
  products: [.executable(name: "rationale-benchmarks", targets: ["RationaleBenchmarks"])],
  dependencies: [.package(name: "Rationale", path: "..")],
  targets: [
    .executableTarget(
      name: "RationaleBenchmarks",
      dependencies: [.product(name: "Rationale", package: "Rationale")],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
      ])
  ],
  swiftLanguageModes: [.v6]
)
