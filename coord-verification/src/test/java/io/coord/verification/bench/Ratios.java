package io.coord.verification.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One figure of two contestants over interleaved rounds; what counts is their ratio within a round. */
final class Ratios {
    private final List<Double> peer = new ArrayList<>();
    private final List<Double> ours = new ArrayList<>();

    void add(double peerFigure, double ourFigure) {
        peer.add(peerFigure);
        ours.add(ourFigure);
    }

    String peerMedian() {
        return number(median(peer));
    }

    String ourMedian() {
        return number(median(ours));
    }

    double peerMedianFigure() {
        return median(peer);
    }

    double ourMedianFigure() {
        return median(ours);
    }

    /** Ours to the peer's. */
    double medianRatio() {
        return median(ratios());
    }

    /** Ours to the peer's: smallest, median and largest ratio of a round. */
    String ratio() {
        List<Double> sorted = ratios().stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "%s / **%s** / %s",
                ratio(sorted.get(0)),
                ratio(median(sorted)),
                ratio(sorted.get(sorted.size() - 1)));
    }

    private List<Double> ratios() {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(ours.get(i) / peer.get(i));
        }
        return ratios;
    }

    static double median(List<Double> figures) {
        List<Double> sorted = figures.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static String ratio(double ratio) {
        return String.format(Locale.ROOT, ratio < 0.1 ? "%.3f" : ratio < 10 ? "%.2f" : "%.1f", ratio);
    }

    static String number(double figure) {
        return String.format(Locale.ROOT, figure < 10 ? "%.2f" : figure < 100 ? "%.1f" : "%,.0f", figure);
    }
}
