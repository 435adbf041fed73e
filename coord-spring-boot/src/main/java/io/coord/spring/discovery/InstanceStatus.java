package io.coord.spring.discovery;

import io.coord.recipes.discovery.ServiceInstance;
import java.util.Map;

/** What an instance says about its readiness to be called: an entry of its metadata, as Spring Cloud Zookeeper has it. */
public final class InstanceStatus {

    /** Key of the status among the metadata. */
    public static final String KEY = "instance_status";

    /** Wants to be called. Also the status of an instance that names none. */
    public static final String UP = "UP";

    /** Is registered, and does not want to be called. */
    public static final String OUT_OF_SERVICE = "OUT_OF_SERVICE";

    private InstanceStatus() {}

    /** The status among these metadata. */
    public static String of(Map<String, String> metadata) {
        String status = metadata.get(KEY);
        return status == null || status.isBlank() ? UP : status;
    }

    /** Whether the instance wants to be called: it is enabled and its status, if it names one, is {@link #UP}. */
    public static boolean isUp(ServiceInstance<?> instance) {
        return instance.enabled()
                && (!(instance.payload() instanceof InstanceDetails details)
                        || of(details.metadata()).equalsIgnoreCase(UP));
    }
}
