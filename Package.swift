// swift-tools-version: 6.2
import PackageDescription

// One list of targets, in dependency order; shared settings are applied at the end.

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
// SQLite's own calls beside those of GRDB, which wraps them: both come from its package.
let sqlite = [
  Target.Dependency.product(name: "GRDB", package: "GRDB.swift"),
  Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift"),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(
  name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpServer = [
  Target.Dependency.product(name: "FlyingFox", package: "FlyingFox"),
  Target.Dependency.product(name: "FlyingSocks", package: "FlyingFox"),
]

let package = Package(
  name: "Rationale",
  products: [
    .library(name: "Rationale", targets: ["Rationale"]),
    .library(name: "RationaleKafka", targets: ["KafkaIngest", "StatusServer"]),
    .library(name: "RuleBuilders", targets: ["RuleBuilders"]),
    .executable(name: "explain", targets: ["explain"]),
  ],
  traits: [
    .default(enabledTraits: ["Kafka"]),
    .trait(
      name: "Kafka", description: "`explain ingest`: decisions on the events of Kafka topics."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // C libraries: a module map and a shim header, nothing else.
    .systemLibrary(
      name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .systemLibrary(
      name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(
      name: "CRdKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),

    // What everything stands on.
    .target(name: "SourceDiagnostics"),
    .target(name: "DataFields", dependencies: ["SourceDiagnostics", crypto]),
    .target(name: "FileIO", dependencies: ["SourceDiagnostics"]),
    .target(name: "TabularIO", dependencies: ["FileIO", "DataFields", "SourceDiagnostics"]),
    .target(
      name: "ReferenceData",
      dependencies: ["FileIO", "TabularIO", "DataFields", "SourceDiagnostics"]),
    .target(name: "ThresholdCells", dependencies: ["DataFields"]),

    // Rules.
    .target(
      name: "RuleLanguage",
      dependencies: [
        "ThresholdCells", "ReferenceData", "TabularIO", "FileIO", "DataFields",
        "SourceDiagnostics",
      ]),

    // Models.
    .target(name: "CTreeKernels"),
    .target(name: "CDenseKernels"),
    .target(name: "DenseKernels", dependencies: ["CDenseKernels"]),
    .target(name: "TreeEnsembles", dependencies: ["CTreeKernels", "DataFields"]),
    .target(name: "XMLReading", dependencies: ["CLibXML2", "SourceDiagnostics"]),
    .target(name: "TextPatterns", dependencies: ["CPCRE2"]),
    .target(
      name: "PMML",
      dependencies: [
        "TreeEnsembles", "DenseKernels", "TextPatterns", "XMLReading", "FileIO", "DataFields",
        "SourceDiagnostics", crypto,
      ]),
    .target(name: "CShapleyKernels"),
    .target(
      name: "Attribution", dependencies: ["CShapleyKernels", "PMML", "TreeEnsembles", "DataFields"]),

    // Decisions and their traces.
    .target(name: "DecisionTrace", dependencies: ["DataFields"]),
    .target(
      name: "Decisions",
      dependencies: [
        "RuleLanguage", "PMML", "Attribution", "DecisionTrace", "ReferenceData", "TabularIO",
        "DataFields", "SourceDiagnostics",
      ]),
    .target(
      name: "Explanations",
      dependencies: [
        "Decisions", "RuleLanguage", "PMML", "Attribution", "TreeEnsembles", "ThresholdCells",
        "DecisionTrace", "TabularIO", "FileIO", "DataFields", "SourceDiagnostics",
      ]),
    .target(
      name: "StreamFeatures",
      dependencies: [
        "RuleLanguage", "ReferenceData", "FileIO", "DataFields", "SourceDiagnostics",
      ]),
    .target(name: "TransparencyLog", dependencies: ["FileIO", "DataFields", crypto]),
    .target(
      name: "TraceLog",
      dependencies: [
        "DecisionTrace", "TransparencyLog", "FileIO", "DataFields", "SourceDiagnostics", crypto,
      ]),
    .target(
      name: "TraceIndex",
      dependencies: ["TraceLog", "DecisionTrace", "FileIO", "DataFields", crypto] + sqlite),
    .target(
      name: "EventIngest",
      dependencies: [
        "Decisions", "StreamFeatures", "TraceLog", "RuleLanguage", "DecisionTrace", "TabularIO",
        "ReferenceData", "FileIO", "DataFields", "SourceDiagnostics",
      ]),
    .target(name: "StatusServer", dependencies: [metrics, lifecycle] + httpServer),
    .target(
      name: "KafkaIngest",
      dependencies: [
        "CRdKafka", "EventIngest", "Decisions", "RuleLanguage", "TraceLog", "DecisionTrace",
        "TabularIO", "FileIO",
        "DataFields", "SourceDiagnostics", logging, metrics, lifecycle,
      ]),
    .target(
      name: "Replay",
      dependencies: [
        "Explanations", "Decisions", "RuleLanguage", "TraceLog", "DecisionTrace", "ReferenceData",
        "DataFields", "SourceDiagnostics",
      ]),
    .target(
      name: "TraceReports",
      dependencies: ["Explanations", "TraceLog", "DecisionTrace", "ThresholdCells", "DataFields"]),
    .target(name: "PopulationViews", dependencies: ["DecisionTrace", "DataFields"]),

    // What a service imports, and what a person types.
    .target(
      name: "Rationale",
      dependencies: [
        "EventIngest", "Decisions", "RuleLanguage", "TraceLog", "DecisionTrace", "FileIO",
        "DataFields", "SourceDiagnostics",
      ]),
    .target(
      name: "RuleBuilders",
      dependencies: [
        "EventIngest", "Decisions", "RuleLanguage", "TabularIO", "DataFields",
        "SourceDiagnostics",
      ]),
    .target(name: "SampleData", dependencies: ["DataFields"]),
    .executableTarget(
      name: "explain",
      dependencies: [
        "Rationale", "EventIngest", "Decisions", "RuleLanguage", "PMML", "Attribution",
        "Explanations", "Replay", "TraceReports", "PopulationViews", "TraceIndex", "TraceLog",
        "TransparencyLog",
        "DecisionTrace", "TabularIO",
        "ReferenceData", "SampleData", "ThresholdCells", "DenseKernels", "XMLReading", "FileIO",
        "DataFields", "SourceDiagnostics", argumentParser,
        .target(name: "KafkaIngest", condition: .when(traits: ["Kafka"])),
        .product(
          name: "ServiceLifecycle", package: "swift-service-lifecycle",
          condition: .when(traits: ["Kafka"])),
        .product(
          name: "UnixSignals", package: "swift-service-lifecycle",
          condition: .when(traits: ["Kafka"])),
        .product(name: "Logging", package: "swift-log", condition: .when(traits: ["Kafka"])),
        // SQLite is a peer of `explain bench log`.
      ] + sqlite),

    // Tests.
    .target(
      name: "RationaleTestSupport",
      dependencies: [
        "TreeEnsembles", "TraceLog", "DecisionTrace", "FileIO", "SourceDiagnostics", "DataFields",
      ],
      path: "Tests/RationaleTestSupport"),
    .testTarget(name: "SourceDiagnosticsTests", dependencies: ["SourceDiagnostics"]),
    .testTarget(name: "DataFieldsTests", dependencies: ["DataFields", "RationaleTestSupport"]),
    .testTarget(
      name: "TabularIOTests",
      dependencies: [
        "TabularIO", "FileIO", "DataFields", "SourceDiagnostics", "RationaleTestSupport",
      ]),
    .testTarget(
      name: "ReferenceDataTests",
      dependencies: ["ReferenceData", "TabularIO", "FileIO", "DataFields", "RationaleTestSupport"]),
    .testTarget(
      name: "RuleLanguageTests",
      dependencies: [
        "RuleLanguage", "ThresholdCells", "ReferenceData", "DataFields", "SourceDiagnostics",
        "RationaleTestSupport",
      ]),
    .testTarget(
      name: "TreeEnsemblesTests", dependencies: ["TreeEnsembles", "RationaleTestSupport"]),
    .testTarget(
      name: "DenseKernelsTests", dependencies: ["DenseKernels", "RationaleTestSupport"]),
    .testTarget(name: "XMLReadingTests", dependencies: ["XMLReading", "SourceDiagnostics"]),
    .testTarget(
      name: "PMMLTests",
      dependencies: [
        "PMML", "TreeEnsembles", "XMLReading", "DataFields", "SourceDiagnostics",
        "TabularIO", "RationaleTestSupport",
      ], exclude: ["Fixtures"]),
    .testTarget(
      name: "AttributionTests",
      dependencies: [
        "Attribution", "PMML", "TreeEnsembles", "DataFields", "RationaleTestSupport",
      ]),
    .testTarget(
      name: "DecisionTraceTests",
      dependencies: ["DecisionTrace", "DataFields", "RationaleTestSupport"]),
    .testTarget(
      name: "DecisionsTests",
      dependencies: [
        "Decisions", "RuleLanguage", "DecisionTrace", "ReferenceData", "DataFields",
        "RationaleTestSupport",
      ]),
    .testTarget(
      name: "ExplanationsTests",
      dependencies: [
        "Explanations", "Decisions", "RuleLanguage", "PMML", "Attribution", "TreeEnsembles",
        "ThresholdCells", "ReferenceData", "DecisionTrace", "DataFields", "RationaleTestSupport",
      ]),
    .testTarget(
      name: "StreamFeaturesTests",
      dependencies: [
        "StreamFeatures", "RuleLanguage", "FileIO", "DataFields", "RationaleTestSupport",
      ]),
    .testTarget(
      name: "TransparencyLogTests",
      dependencies: ["TransparencyLog", "FileIO", "DataFields", "RationaleTestSupport"]),
    .testTarget(
      name: "TraceLogTests",
      dependencies: [
        "TraceLog", "TransparencyLog", "DecisionTrace", "FileIO", "DataFields",
        "RationaleTestSupport", crypto,
      ], exclude: ["Fixtures"]),
    .testTarget(
      name: "TraceIndexTests",
      dependencies: [
        "TraceIndex", "TraceLog", "DecisionTrace", "FileIO", "DataFields", "RationaleTestSupport",
      ] + sqlite),
    .testTarget(
      name: "EventIngestTests",
      dependencies: [
        "EventIngest", "Decisions", "StreamFeatures", "TraceLog", "DecisionTrace", "RuleLanguage",
        "TabularIO", "ReferenceData", "FileIO", "DataFields", "RationaleTestSupport",
      ]),
    // A broker to test against: librdkafka's own mock cluster, as a process of its own.
    .executableTarget(
      name: "MockKafkaBroker", dependencies: ["CRdKafka"], path: "Tests/MockKafkaBroker"),
    .testTarget(
      name: "KafkaIngestTests",
      dependencies: [
        "KafkaIngest", "MockKafkaBroker", "explain", "EventIngest", "Decisions", "TraceLog",
        "TabularIO", "FileIO", "DataFields", "RationaleTestSupport", logging,
      ]),
    .testTarget(
      name: "ReplayTests",
      dependencies: [
        "Replay", "EventIngest", "Decisions", "RuleLanguage", "TraceLog", "DecisionTrace",
        "ReferenceData", "FileIO", "DataFields", "RationaleTestSupport",
      ]),
    .testTarget(
      name: "TraceReportsTests",
      dependencies: [
        "TraceReports", "TraceLog", "DecisionTrace", "FileIO", "DataFields", "RationaleTestSupport",
      ], exclude: ["Fixtures"]),
    .testTarget(
      name: "PopulationViewsTests",
      dependencies: ["PopulationViews", "DecisionTrace", "DataFields", "RationaleTestSupport"]),
    .testTarget(
      name: "RuleBuildersTests",
      dependencies: [
        "RuleBuilders", "EventIngest", "Decisions", "DecisionTrace", "RuleLanguage", "FileIO",
        "DataFields", "SourceDiagnostics", "RationaleTestSupport",
      ]),
    .testTarget(name: "TextPatternsTests", dependencies: ["TextPatterns"]),
    .testTarget(name: "SampleDataTests", dependencies: ["SampleData", "FileIO", "DataFields"]),
    .testTarget(
      name: "explainTests",
      dependencies: [
        "explain", "ReferenceData", "TraceLog", "DecisionTrace", "FileIO", "DataFields",
        "RationaleTestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system && target.name != "MockKafkaBroker" {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
  ]
}
