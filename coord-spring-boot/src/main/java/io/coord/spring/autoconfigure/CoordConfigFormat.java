package io.coord.spring.autoconfigure;

/** How a znode below {@code coord.config.root} holds configuration. */
public enum CoordConfigFormat {

    /** Each znode below it is one key, as Spring Cloud Zookeeper has it: "/config/shop/mail/host" is "mail.host" of "shop". */
    KEYS,

    /** Its data are a file of properties. */
    PROPERTIES,

    /** Its data are a file in YAML. */
    YAML
}
