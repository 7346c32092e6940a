package org.bolide.benchmarks;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

import org.bolide.api.MalformedEventException;
import org.bolide.broker.RootElement;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it takes to know an event again: to find its root element, and the digest of that. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DigestBenchmark {

    private final Samples samples = Samples.ofV20();

    @Benchmark
    public RootElement locate() throws MalformedEventException {
        return RootElement.locate(samples.next());
    }

    @Benchmark
    public ByteBuffer locateAndDigest() throws MalformedEventException {
        ByteBuffer content = samples.next();
        return RootElement.locate(content).digest(content);
    }
}
