/** Named like curator-test's package, so that a class here takes the place of one there. */
package org.apache.curator.test;
