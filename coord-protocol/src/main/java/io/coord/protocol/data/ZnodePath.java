package io.coord.protocol.data;

import org.jspecify.annotations.Nullable;

/**
 * The syntax of znode paths, in one place. Rules: ZooKeeper's {@code PathUtils.validatePath}; paths are plain strings
 * everywhere else, because they are keys of hash tables on every hot path.
 */
public final class ZnodePath {
    public static final String ROOT = "/";

    private ZnodePath() {}

    /**
     * Checks a whole path.
     *
     * @return the same path
     * @throws InvalidPathException naming the rule and the position that it breaks
     */
    public static String validate(String path) {
        String problem = problem(path);
        if (problem != null) {
            throw new InvalidPathException(path, problem);
        }
        return path;
    }

    public static boolean isValid(String path) {
        return problem(path) == null;
    }

    /** The path without its last element; the parent of {@code /a} is {@code /}. The root has none: it answers itself. */
    public static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? ROOT : path.substring(0, slash);
    }

    /** The last element of the path; empty for the root. */
    public static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The path of a child; right for the root as well. */
    public static String child(String parent, String name) {
        return parent.equals(ROOT) ? ROOT + name : parent + '/' + name;
    }

    /** Whether {@code path} is {@code ancestor} itself or lies below it. */
    public static boolean isSameOrBelow(String path, String ancestor) {
        return ancestor.equals(ROOT)
                || (path.startsWith(ancestor)
                        && (path.length() == ancestor.length() || path.charAt(ancestor.length()) == '/'));
    }

    private static @Nullable String problem(String path) {
        if (path.isEmpty()) {
            return "it is empty";
        }
        if (path.charAt(0) != '/') {
            return "it does not start with /";
        }
        int length = path.length();
        if (length == 1) {
            return null;
        }
        if (path.charAt(length - 1) == '/') {
            return "it ends with /";
        }
        int elementStart = 1;
        for (int i = 1; i <= length; i++) {
            char c = i == length ? '/' : path.charAt(i);
            if (c == '/') {
                String problem = elementProblem(path, elementStart, i);
                if (problem != null) {
                    return problem;
                }
                elementStart = i + 1;
            } else if (isForbidden(c)) {
                return String.format("character U+%04X at position %d is not allowed", (int) c, i);
            }
        }
        return null;
    }

    private static @Nullable String elementProblem(String path, int start, int end) {
        int length = end - start;
        if (length == 0) {
            return "it has an empty element at position " + start;
        }
        boolean dots = path.charAt(start) == '.' && (length == 1 || (length == 2 && path.charAt(start + 1) == '.'));
        return dots ? "it has a relative element at position " + start : null;
    }

    private static boolean isForbidden(char c) {
        return c <= '\u001f' || (c >= '\u007f' && c <= '\u009f') || (c >= '\ud800' && c <= '\uf8ff') || c >= '\ufff0';
    }
}
