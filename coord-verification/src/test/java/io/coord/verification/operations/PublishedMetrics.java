package io.coord.verification.operations;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page in Prometheus' text format, read strictly: whoever breaks its rules loses the whole page there.
 *
 * @param types of all families
 * @param samples values by name and labels, as they are written
 */
record PublishedMetrics(Map<String, String> types, Map<String, Double> samples) {
    private static final Pattern HELP = Pattern.compile("# HELP ([a-zA-Z_:][\\w:]*) .*");
    private static final Pattern TYPE = Pattern.compile("# TYPE ([a-zA-Z_:][\\w:]*) (counter|gauge|summary)");
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][\\w:]*)(\\{[a-zA-Z_]\\w*=\"(?:[^\"\\\\]|\\\\.)*\"(?:,[a-zA-Z_]\\w*=\"(?:[^\"\\\\]|\\\\.)*\")*})? "
                    + "(-?\\d+\\.\\d+(?:E-?\\d+)?|NaN)");

    static PublishedMetrics parse(String page) {
        Map<String, String> types = new LinkedHashMap<>();
        Map<String, Double> samples = new LinkedHashMap<>();
        String family = "";
        for (String line : page.lines().toList()) {
            Matcher help = HELP.matcher(line);
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (help.matches()) {
                family = help.group(1);
            } else if (type.matches()) {
                check(type.group(1).equals(family), line);
                check(types.put(family, type.group(2)) == null, "twice: " + line);
            } else {
                check(sample.matches(), line);
                String name = sample.group(1);
                boolean own = name.equals(family)
                        || ("summary".equals(types.get(family))
                                && (name.equals(family + "_sum") || name.equals(family + "_count")));
                check(own, line + " in the family " + family);
                String key = name + (sample.group(2) == null ? "" : sample.group(2));
                check(samples.put(key, Double.valueOf(sample.group(3))) == null, "twice: " + line);
            }
        }
        return new PublishedMetrics(types, samples);
    }

    private static void check(boolean right, String line) {
        if (!right) {
            throw new AssertionError("not Prometheus' format: " + line);
        }
    }
}
