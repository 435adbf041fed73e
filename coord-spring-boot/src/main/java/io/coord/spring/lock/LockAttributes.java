package io.coord.spring.lock;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * What one lock annotation declares, as it is written.
 *
 * @param annotation simple name of its type
 * @param limit 0 in all but {@link Permit}
 * @param limitString empty in all but {@link Permit}
 */
record LockAttributes(
        String annotation,
        LockMode mode,
        String name,
        int limit,
        String limitString,
        String key,
        String waitTime,
        OnFailure onFailure,
        String fallback,
        OnLost onLost,
        String lossCallback,
        String onReleaseRequested) {

    /** Of all lock annotations on a method; one at most is right. */
    static List<LockAttributes> of(Method method) {
        List<LockAttributes> declared = new ArrayList<>(1);
        ReadLock read = AnnotatedElementUtils.findMergedAnnotation(method, ReadLock.class);
        if (read != null) {
            declared.add(new LockAttributes(
                    "ReadLock",
                    LockMode.READ,
                    read.name(),
                    0,
                    "",
                    read.key(),
                    read.waitTime(),
                    read.onFailure(),
                    read.fallback(),
                    read.onLost(),
                    read.lossCallback(),
                    read.onReleaseRequested()));
        }
        WriteLock write = AnnotatedElementUtils.findMergedAnnotation(method, WriteLock.class);
        if (write != null) {
            declared.add(new LockAttributes(
                    "WriteLock",
                    LockMode.WRITE,
                    write.name(),
                    0,
                    "",
                    write.key(),
                    write.waitTime(),
                    write.onFailure(),
                    write.fallback(),
                    write.onLost(),
                    write.lossCallback(),
                    write.onReleaseRequested()));
        }
        DistributedLock mutex = AnnotatedElementUtils.findMergedAnnotation(method, DistributedLock.class);
        if (mutex != null) {
            declared.add(new LockAttributes(
                    "DistributedLock",
                    LockMode.EXCLUSIVE,
                    mutex.name(),
                    0,
                    "",
                    mutex.key(),
                    mutex.waitTime(),
                    mutex.onFailure(),
                    mutex.fallback(),
                    mutex.onLost(),
                    mutex.lossCallback(),
                    mutex.onReleaseRequested()));
        }
        Permit permit = AnnotatedElementUtils.findMergedAnnotation(method, Permit.class);
        if (permit != null) {
            declared.add(new LockAttributes(
                    "Permit",
                    LockMode.PERMIT,
                    permit.name(),
                    permit.limit(),
                    permit.limitString(),
                    permit.key(),
                    permit.waitTime(),
                    permit.onFailure(),
                    permit.fallback(),
                    permit.onLost(),
                    permit.lossCallback(),
                    permit.onReleaseRequested()));
        }
        return declared;
    }
}
