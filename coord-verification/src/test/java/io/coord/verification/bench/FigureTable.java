package io.coord.verification.bench;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A table with one figure a line, for measurements that have figures of their own. */
final class FigureTable {
    private final Report report;

    private FigureTable(Report report) {
        this.report = report;
    }

    static FigureTable begin(Report report, String peer, String title, String... paragraphs) {
        report.section(title, paragraphs);
        report.header("", "figure", peer, "Coord", "ratio", "bar: reached");
        return new FigureTable(report);
    }

    Report report() {
        return report;
    }

    /** Both contestants' medians and their ratio, which the bars are about. */
    void row(String title, String figure, Ratios ratios, Bar... bars) {
        report.row(
                title,
                figure,
                ratios.peerMedian(),
                ratios.ourMedian(),
                ratios.ratio(),
                Arrays.stream(bars)
                        .map(bar -> bar.verdict(ratios.medianRatio()))
                        .collect(Collectors.joining("; ")));
    }

    /** Bars about our own median instead. */
    void absoluteRow(String title, String figure, Ratios ratios, Bar... bars) {
        report.row(
                title,
                figure,
                ratios.peerMedian(),
                ratios.ourMedian(),
                ratios.ratio(),
                Arrays.stream(bars)
                        .map(bar -> bar.verdict(ratios.ourMedianFigure()))
                        .collect(Collectors.joining("; ")));
    }
}
