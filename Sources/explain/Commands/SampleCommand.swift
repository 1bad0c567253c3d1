internal import ArgumentParser
internal import FileIO
internal import SampleData

/// `explain sample`: writes the deterministic sample data that the README uses.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Write deterministic sample data: enterprises, invoices, transfers.",
    discussion: """
      The same options give the same bytes on every machine. Customer 334628087, whose figures \
      are published, is in every sample; so is every combination of ranks. Events are in time \
      order, from 2020-01-02 to 2021-01-29, and are streamed: a sample may be of any size.

      DIR gets static.csv, last-login.csv, transfers.csv and invoices.csv (or .jsonl). With \
      --reference it gets huf-rates.csv and do-not-contact.csv instead: the files in \
      rules/reference, which the rules name and the sample agrees with.

      EXAMPLES
        explain sample sample
        explain sample sample --customers 100000 --events 10000000
        explain sample sample --seed 7 --format jsonl
        explain sample rules/reference --reference
      """)

  @Argument(help: "The directory to write to; created if absent, files in it are replaced.")
  var directory: String

  @Option(help: "How many customers.")
  var customers = SampleOptions().customers

  @Option(help: "How many invoices and transfers together (default: as their habits give).")
  var events: Int?

  @Option(help: "Another seed gives other customers and amounts, in the same distributions.")
  var seed = SampleOptions().seed

  @Option(help: "csv or jsonl.")
  var format = SampleForm.csv

  @Flag(help: "Write the reference data (rates, do-not-contact list) instead.")
  var reference = false

  func validate() throws {
    guard customers >= Sample.minimumCustomers else {
      throw ValidationError(
        "--customers \(customers): at least \(Sample.minimumCustomers) are needed for every case")
    }
  }

  func run() throws {
    try Directory.create(directory)
    if reference { try writeReference() } else { try writeSample() }
  }

  private func writeReference() throws {
    for file in ReferenceFile.allCases {
      let path = FilePath.join(directory, file.rawValue)
      var output = try OpenFile(path: path, mode: .replace)
      try output.write(file.bytes)
      try output.close()
      StandardError.write("wrote \(path)\n")
    }
  }

  private func writeSample() throws {
    let sample: Sample
    do throws(SampleFault) {
      sample = try Sample(
        SampleOptions(customers: customers, events: events, seed: seed, form: format))
    } catch {
      throw ValidationError(error.description)
    }
    for file in SampleFile.allCases {
      let path = FilePath.join(directory, file.name(format))
      var output = try OpenFile(path: path, mode: .replace)
      var progress = ProgressLine()
      var written = 0
      try sample.write(file) { bytes throws(FileError) in
        try output.write(bytes)
        written += bytes.count
        progress.show("writing \(path): \(written >> 20) MiB")
      }
      progress.clear()
      try output.close()
      StandardError.write("wrote \(path): \(sample.counts[file] ?? 0) records\n")
    }
  }
}

extension SampleForm: ExpressibleByArgument {}
